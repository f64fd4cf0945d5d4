// Owns the proof that the copied command is read by a real shell as it was.
// Must not start QEMU.
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellText } from '../../../renderer/features/machines/command-text.ts';

test('a shell reads back every word', () => {
  const words = ['-blockdev', '{"driver":"qcow2","file":{"filename":"/a b/it\'s.qcow2"}}', '-name', '$(reboot)`x`\\', '-S', '*'];
  const command = [{ flag: '-blockdev', value: words[1]! }, { flag: '-name', value: words[3]! }, { flag: '-S' }, { flag: '*' }];
  const read = execFileSync('sh', ['-c', `printf '%s\\0' ${shellText(command)}`], { encoding: 'utf8' });
  expect(read.split('\0').slice(0, -1)).toEqual(words);
});
