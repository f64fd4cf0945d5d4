// Owns the proof that no value can end its option: what goes in comes out by QEMU's own rules.
// Must not know any option.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { valueText } from '../../../electron/core/qemu/launch-plan.ts';
import { jsonOption, keyedOption, socketChardev } from '../../../electron/core/qemu/args.ts';

test.each([
  { name: 'head alone', option: { head: 'none' }, want: 'none' },
  { name: 'head and pairs', option: { head: 'q35', pairs: { acpi: true, smm: false } }, want: 'q35,acpi=on,smm=off' },
  { name: 'pairs alone', option: { pairs: { cpus: 2, sockets: 1 } }, want: 'cpus=2,sockets=1' },
  { name: 'what is undefined is left out', option: { pairs: { base: 'utc', clock: undefined } }, want: 'base=utc' },
  {
    name: 'a comma is doubled',
    option: { head: 'unix:/a,b', pairs: { serial: 'x,readonly=on' } },
    want: 'unix:/a,,b,serial=x,,readonly=on',
  },
])('keyed: $name', ({ option, want }) => {
  expect(keyedOption('-x', option)).toEqual({ flag: '-x', value: want });
});

test('a socket that QEMU listens on', () => {
  expect(socketChardev('c0', '/run/a,b/c.sock', { logfile: '/l', logappend: true })).toEqual({
    flag: '-chardev',
    value: 'socket,id=c0,path=/run/a,,b/c.sock,server=on,wait=off,logfile=/l,logappend=on',
  });
});

test('JSON keeps what is null and drops what is undefined', () => {
  expect(jsonOption('-blockdev', { driver: 'raw', backing: null, serial: undefined }, { field: 'f' })).toEqual({
    flag: '-blockdev',
    value: { driver: 'raw', backing: null },
    field: 'f',
  });
});

/** util/qemu-option.c, get_opt_value: a value ends at a single comma, two commas are one. */
function readByQemu(text: string): Record<string, string> {
  const pairs: Record<string, string> = {};
  let rest = text;
  while (rest !== '') {
    // A value is what comes before a comma that is not one of a pair.
    const [whole = '', pair = ''] = /^((?:[^,]|,,)*),?/s.exec(rest) ?? [];
    const at = pair.indexOf('=');
    pairs[pair.slice(0, at)] = pair.slice(at + 1).replaceAll(',,', ',');
    rest = rest.slice(whole.length);
  }
  return pairs;
}

test('any text survives being a value', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, two) => {
      const { value } = keyedOption('-smbios', { pairs: { type: 1, one, two } });
      expect(readByQemu(valueText(value ?? ''))).toEqual({ type: '1', one, two });
    }),
  );
});
