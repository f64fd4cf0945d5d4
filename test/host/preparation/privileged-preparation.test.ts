// Owns the proof of the privileged program's verbs that change how a computer starts, in a root folder of their own.
// Must not change this computer.
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { knownKernelArguments, preparationCommands, preparationFiles } from '../../../electron/api/preparation.ts';
import type { PrivilegedRequest } from '../../../electron/api/privileged.ts';
import { tempDir } from '../temp-dir.ts';
import { busybox, canChroot, scratchRoot } from './scratch-root.ts';

const source = (name: string): string => readFileSync(new URL(`../../../native/helper/${name}`, import.meta.url), 'utf8');
const modprobe = { verb: 'file-write', file: 'modprobe-vfio' } as const;
const path = '/etc/modprobe.d/vfio.conf';
const ids = 'options vfio-pci ids=10de:1eb8\n';

test('its lists are those of the contract', () => {
  const places = [...source('places.c').matchAll(/^ {2}\{"([a-z-]+)", "([^"]+)", (?:"([^"]+)"|0),/gm)].map(([, name, folder, file]) => [
    name,
    `${folder}/${file ?? ''}`,
  ]);
  expect(Object.fromEntries(places)).toEqual(preparationFiles);
  const listed = /arguments\[\] = \{([^}]*)\}/.exec(source('forms.c'))?.[1] ?? '';
  expect([...listed.matchAll(/"([^"]+)"/g)].map(([, name]) => name)).toEqual([...knownKernelArguments]);
  const rows = source('preparation.c').matchAll(
    /^ {2}\{"([a-z0-9-]+)", "(?:bootloader|initramfs)-update", "([a-z0-9-]+)", (?:"([^"]+)"|0), "[a-z0-9-]+", \{(.*), ?0\}|^ {2}\{"(update-grub)", "bootloader-update", "(update-grub)", 0, "update-grub", \{0\}\}/gm,
  );
  const commands = [...rows].map(([, name, program, prefix, words]) =>
    name === undefined
      ? ['update-grub', 'update-grub']
      : [
          name,
          [program, ...[...(words ?? '').matchAll(/"([^"]+)"/g)].map(([, word]) => word), ...(prefix === undefined ? [] : [prefix])].join(
            ' ',
          ),
        ],
  );
  expect(Object.fromEntries(commands)).toEqual(preparationCommands);
});

describe.skipIf(!canChroot)('file-write and file-restore', () => {
  const made = (tree: Readonly<Record<string, string>> = {}) => {
    const scratch = scratchRoot(tempDir());
    mkdirSync(join(scratch.root, 'etc/modprobe.d'), { recursive: true });
    for (const [file, text] of Object.entries(tree)) scratch.put(file, text);
    return scratch;
  };
  const undone = { verb: 'file-restore', backup: 1 } as const;

  test('a file that was not there is made, and goes again', () => {
    const scratch = made();
    expect(scratch.ask({ ...modprobe, content: ids })).toEqual({ ok: true, undo: undone });
    expect(scratch.get(path)).toBe(ids);
    expect(statSync(join(scratch.root, path)).mode & 0o7777).toBe(0o644);
    expect(scratch.names('etc/modprobe.d')).toEqual(['vfio.conf']);
    expect(scratch.journal()).toEqual([
      expect.objectContaining({ verb: 'file-write', outcome: 'begun', undo: undone }),
      expect.objectContaining({ verb: 'file-write', outcome: 'done', undo: undone }),
    ]);
    expect(scratch.ask(undone)).toMatchObject({ ok: true });
    expect(scratch.get(path)).toBeUndefined();
    expect(scratch.ask(undone)).toMatchObject({ ok: false, code: 'NotFound', field: 'backup' });
  });

  test('what was there stays, with its mode; each change has a backup of its own', () => {
    const old = '# mine\ninstall nvidia /bin/true\n';
    const scratch = made({ [path]: old });
    chmodSync(join(scratch.root, path), 0o640);
    const first = `${old}${ids}`;
    expect(scratch.ask({ ...modprobe, before: crc32(old), content: first })).toMatchObject({ ok: true });
    expect(statSync(join(scratch.root, path)).mode & 0o7777).toBe(0o640);
    const second = `${first}softdep nouveau pre: vfio-pci\n`;
    expect(scratch.ask({ ...modprobe, before: crc32(first), content: second })).toMatchObject({ undo: { backup: 2 } });
    // Out of order: the first is no longer what is there.
    expect(scratch.ask(undone)).toMatchObject({ ok: false, code: 'Changed' });
    expect(scratch.ask({ verb: 'file-restore', backup: 2 })).toMatchObject({ ok: true });
    expect(scratch.ask(undone)).toMatchObject({ ok: true });
    expect(scratch.get(path)).toBe(old);
    // Numbers are not used again: the journal names them.
    expect(scratch.ask({ ...modprobe, before: crc32(old), content: first })).toMatchObject({ undo: { backup: 3 } });
  });

  test('what was changed since it was shown is not overwritten, and what was changed since it was written is not taken back', () => {
    const scratch = made({ [path]: '# a\n' });
    for (const before of [undefined, crc32('# b\n')]) {
      expect(scratch.ask({ ...modprobe, ...(before === undefined ? {} : { before }), content: `# a\n${ids}` })).toMatchObject({
        code: 'Changed',
        field: 'before',
      });
    }
    expect(scratch.ask({ ...modprobe, before: crc32('# a\n'), content: `# a\n${ids}` })).toMatchObject({ ok: true });
    scratch.put(path, `# a\n${ids}# and mine\n`);
    expect(scratch.ask(undone)).toMatchObject({ code: 'Changed', field: 'backup' });
    expect(scratch.get(path)).toContain('and mine');
  });

  test.each<readonly [string, Readonly<Record<string, string>>, Omit<Extract<PrivilegedRequest, { verb: 'file-write' }>, 'verb'>]>([
    ['a command of modprobe', {}, { file: 'modprobe-vfio', content: 'install vfio /bin/sh -c id\n' }],
    ['a module that does something else', {}, { file: 'modules-load-vfio', content: 'evil\n' }],
    ['options of another module', {}, { file: 'modprobe-vfio', content: 'options kvm x=1\n' }],
    ['a line that is left out', { [path]: '# mine\n' }, { file: 'modprobe-vfio', before: crc32('# mine\n'), content: ids }],
    ['a shell in GRUB', {}, { file: 'grub-drop-in', content: 'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX $(id)"\n' }],
    [
      'an argument that is not of the list',
      {},
      { file: 'grub-drop-in', content: 'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX init=/bin/sh"\n' },
    ],
    ['a value of an argument', {}, { file: 'grub-drop-in', content: 'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX rd.driver.pre=evil"\n' }],
    [
      'an argument that is taken away',
      { '/etc/default/grub': 'GRUB_CMDLINE_LINUX="lockdown=confidentiality"\n' },
      {
        file: 'grub-default',
        before: crc32('GRUB_CMDLINE_LINUX="lockdown=confidentiality"\n'),
        content: 'GRUB_CMDLINE_LINUX="intel_iommu=on"\n',
      },
    ],
    ['a program of udev', {}, { file: 'udev-rule', content: 'RUN+="/bin/sh"\n' }],
    ['a mode of udev', {}, { file: 'udev-rule', content: 'SUBSYSTEM=="vfio", GROUP="kvm", MODE="0666"\n' }],
    ['a second assignment of udev', {}, { file: 'udev-rule', content: 'SUBSYSTEM=="vfio", GROUP="kvm", RUN+="x", MODE="0660"\n' }],
    ['a shell of dracut', {}, { file: 'dracut-drop-in', content: 'add_drivers+=" $(id) "\n' }],
    ['a limit of another kind', {}, { file: 'memlock-limit', content: 'ada - nproc 1\n' }],
    ['a byte of nothing', {}, { file: 'modprobe-vfio', content: `${ids}\0` }],
  ])('refused: %s', (_name, tree, rest) => {
    const scratch = made(tree);
    expect(scratch.ask({ verb: 'file-write', ...rest })).toMatchObject({ ok: false, code: 'Invalid' });
    for (const [file, text] of Object.entries(tree)) expect(scratch.get(file)).toBe(text);
  });

  test.each<readonly [string, Readonly<Record<string, string>>, Omit<Extract<PrivilegedRequest, { verb: 'file-write' }>, 'verb'>]>([
    [
      'a drop-in of GRUB',
      {},
      { file: 'grub-drop-in', content: '# Written by Virtdeck.\nGRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX intel_iommu=on iommu=pt"\n' },
    ],
    [
      'an argument added to GRUB',
      { '/etc/default/grub': 'A=1\nGRUB_CMDLINE_LINUX="quiet root=/dev/x"\n. /etc/foo\n' },
      {
        file: 'grub-default',
        before: crc32('A=1\nGRUB_CMDLINE_LINUX="quiet root=/dev/x"\n. /etc/foo\n'),
        content: 'A=1\nGRUB_CMDLINE_LINUX="quiet root=/dev/x intel_iommu=on"\n. /etc/foo\n',
      },
    ],
    [
      'a boot entry',
      { '/boot/loader/entries/arch.conf': 'linux /v\noptions root=PARTUUID=2 rw\n' },
      {
        file: 'loader-entry-boot',
        entry: 'arch.conf',
        before: crc32('linux /v\noptions root=PARTUUID=2 rw\n'),
        content: 'linux /v\noptions root=PARTUUID=2 rw vfio-pci.ids=10de:1eb8\n',
      },
    ],
    [
      'a command line that begins with the running one',
      { '/proc/cmdline': 'root=UUID=1 ro quiet\n' },
      { file: 'kernel-cmdline', content: 'root=UUID=1 ro quiet intel_iommu=on\n' },
    ],
    [
      'a rule',
      {},
      { file: 'udev-rule', content: 'ACTION=="add", SUBSYSTEM=="pci", KERNEL=="0000:0a:00.0", ATTR{driver_override}="vfio-pci"\n' },
    ],
    ['a limit', {}, { file: 'memlock-limit', content: 'ada - memlock 32768000\n' }],
    [
      'modules of a first file system',
      { '/etc/initramfs-tools/modules': '# list\n' },
      { file: 'initramfs-modules', before: crc32('# list\n'), content: '# list\nvfio_pci\nvfio\n' },
    ],
  ])('taken: %s', (_name, tree, rest) => {
    const scratch = made({
      ...tree,
      '/etc/security/limits.d/x': '',
      '/etc/udev/rules.d/x': '',
      '/etc/default/grub.d/x': '',
      '/etc/kernel/x': '',
    });
    expect(scratch.ask({ verb: 'file-write', ...rest })).toMatchObject({ ok: true });
    expect(scratch.ask({ verb: 'file-restore', backup: 1 })).toMatchObject({ ok: true });
    for (const [file, text] of Object.entries(tree)) expect(scratch.get(file)).toBe(text);
  });

  test.each([
    '{"verb":"file-write","file":"/etc/passwd","contentBytes":0}\n',
    '{"verb":"file-write","file":"modprobe-vfio","entry":"x.conf","contentBytes":0}\n',
    '{"verb":"file-write","file":"loader-entry-boot","contentBytes":0}\n',
    '{"verb":"file-write","file":"loader-entry-boot","entry":"../../etc/x.conf","contentBytes":0}\n',
    '{"verb":"file-write","file":"loader-entry-boot","entry":".conf","contentBytes":0}\n',
    '{"verb":"file-write","file":"modprobe-vfio","contentBytes":3}\n# a and more',
    '{"verb":"file-write","file":"modprobe-vfio","contentBytes":3}',
    '{"verb":"file-restore","backup":0}',
    '{"verb":"file-restore","backup":10000}',
    `{"verb":"file-write","file":"modprobe-vfio","contentBytes":40000}\n${'#'.repeat(40_000)}`,
  ])('no path, and no text that is too long: %.70s', (input) => {
    expect(made().ask(input)).toMatchObject({ ok: false, code: 'Invalid' });
  });

  test('no link is followed, at any place of the path, and nothing of somebody else is taken', () => {
    const passwd = 'root:x:0:0\n';
    const write = { ...modprobe, content: ids };
    const at = (scratch: ReturnType<typeof made>, file: string): string => join(scratch.root, file);
    const cases: readonly ((scratch: ReturnType<typeof made>) => void)[] = [
      (scratch) => symlinkSync('../passwd', at(scratch, path)),
      (scratch) => {
        rmSync(at(scratch, 'etc/modprobe.d'), { recursive: true });
        mkdirSync(at(scratch, 'home'));
        symlinkSync('/home', at(scratch, 'etc/modprobe.d'));
      },
      (scratch) => {
        renameSync(at(scratch, 'etc'), at(scratch, 'real'));
        symlinkSync('real', at(scratch, 'etc'));
      },
      // Another name of the same file; a folder where the file should be; a pipe; a folder that others write to.
      (scratch) => linkSync(at(scratch, 'etc/passwd'), at(scratch, path)),
      (scratch) => mkdirSync(at(scratch, path)),
      (scratch) => spawnSync('mkfifo', [at(scratch, path)]),
      (scratch) => chmodSync(at(scratch, 'etc/modprobe.d'), 0o777),
      (scratch) => chownSync(at(scratch, 'etc/modprobe.d'), 1000, 1000),
      (scratch) => {
        scratch.put(path, '');
        chownSync(at(scratch, path), 1000, 1000);
      },
    ];
    for (const prepare of cases) {
      const scratch = made({ '/etc/passwd': passwd });
      prepare(scratch);
      const answers = [scratch.ask(write), scratch.ask({ ...write, before: crc32(passwd) }), scratch.ask({ ...write, before: crc32('') })];
      expect(answers.map(({ ok }) => ok)).toEqual([false, false, false]);
      expect(scratch.get('/etc/passwd') ?? scratch.get('/real/passwd')).toBe(passwd);
    }
  });

  test('a link that is put in the place of its own folder leads nowhere', () => {
    const scratch = made({ '/etc/passwd': 'root\n' });
    mkdirSync(join(scratch.root, 'var/lib/virtdeck-helper'), { recursive: true });
    symlinkSync('/etc/passwd', join(scratch.root, 'var/lib/virtdeck-helper/rescue.sh'));
    expect(scratch.ask({ ...modprobe, content: ids })).toMatchObject({ ok: true });
    expect(scratch.get('/etc/passwd')).toBe('root\n');
    // A backup that names another file is not restored.
    scratch.put('/var/lib/virtdeck-helper/backups/0001/path', '/etc/modprobe.d/../passwd\n');
    expect(scratch.ask(undone)).toMatchObject({ ok: false, code: 'Failed' });
  });

  test('many at once: each is whole, and every one that was done can be undone', async () => {
    const scratch = made();
    const texts = Array.from({ length: 12 }, (_none, index) => `options vfio-pci ids=10de:${String(index).padStart(4, '0')}\n`);
    const { spawn } = await import('node:child_process');
    const answers = await Promise.all(
      texts.map(
        (content) =>
          new Promise<string>((resolve) => {
            const child = spawn('chroot', [scratch.root, '/virtdeck-helper']);
            let text = '';
            child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
            child.on('close', () => resolve(text));
            child.stdin.end(`{"verb":"file-write","file":"modprobe-vfio","contentBytes":${content.length}}\n${content}`);
          }),
      ),
    );
    const good = answers.filter((text) => text.includes('"ok":true'));
    // All of them were shown a computer without the file: one finds it so.
    expect(good).toHaveLength(1);
    expect(texts).toContain(scratch.get(path));
    expect(scratch.ask(undone)).toMatchObject({ ok: true });
    expect(scratch.get(path)).toBeUndefined();
  });
});

describe.skipIf(!canChroot || busybox === undefined)('programs of the closed list, and the rescue script', () => {
  const script = '#!/bin/sh\necho "$0 $@"\nset\nread -r line && echo "read $line"\nexit 0\n';

  test('what is run has a fixed environment and arguments; its failure is told', () => {
    const scratch = scratchRoot(tempDir());
    scratch.put('/usr/sbin/update-initramfs', script, 0o755);
    scratch.put('/sbin/grubby', script, 0o755);
    scratch.put('/usr/bin/mkinitcpio', '#!/bin/sh\necho broken >&2\nexit 3\n', 0o755);
    expect(scratch.ask({ verb: 'initramfs-update', command: 'update-initramfs' })).toEqual({
      ok: true,
      undo: { verb: 'initramfs-update', command: 'update-initramfs' },
    });
    const output = scratch.get('/var/lib/virtdeck-helper/output') ?? '';
    expect(output).toContain('/usr/sbin/update-initramfs -u -k all\n');
    expect(output).toContain("PATH='/usr/sbin:/usr/bin:/sbin:/bin'");
    expect(output).not.toContain('npm');
    expect(output).not.toContain('read ');
    expect(scratch.ask({ verb: 'bootloader-update', command: 'grubby-add', argument: 'vfio-pci.ids=10de:1eb8' })).toEqual({
      ok: true,
      undo: { verb: 'bootloader-update', command: 'grubby-remove', argument: 'vfio-pci.ids=10de:1eb8' },
    });
    expect(scratch.get('/var/lib/virtdeck-helper/output')).toContain('/sbin/grubby --update-kernel=ALL --args=vfio-pci.ids=10de:1eb8\n');
    expect(scratch.ask({ verb: 'initramfs-update', command: 'mkinitcpio' })).toMatchObject({ ok: false, code: 'ProgramFailed' });
    expect(scratch.get('/var/lib/virtdeck-helper/output')).toBe('broken\n');
    expect(scratch.ask({ verb: 'initramfs-update', command: 'dracut' })).toMatchObject({ ok: false, code: 'NotFound' });
  });

  test.each<PrivilegedRequest>([
    { verb: 'bootloader-update', command: 'grubby-add', argument: 'init=/bin/sh' },
    { verb: 'bootloader-update', command: 'grubby-add' },
    { verb: 'bootloader-update', command: 'update-grub', argument: 'intel_iommu=on' },
    { verb: 'bootloader-update', command: 'dracut' },
    { verb: 'initramfs-update', command: 'update-grub' },
  ])('refused: %j', (request) => {
    expect(scratchRoot(tempDir()).ask(request)).toMatchObject({ ok: false, code: 'Invalid' });
  });

  test('kernel-install is told the running kernel', () => {
    const scratch = scratchRoot(tempDir());
    scratch.put('/usr/bin/kernel-install', script, 0o755);
    scratch.put('/proc/sys/kernel/osrelease', '6.1.0-1-amd64\n');
    expect(scratch.ask({ verb: 'bootloader-update', command: 'kernel-install' })).toMatchObject({ code: 'NotFound' });
    scratch.put('/boot/vmlinuz-6.1.0-1-amd64', '');
    expect(scratch.ask({ verb: 'bootloader-update', command: 'kernel-install' })).toMatchObject({ ok: true });
    expect(scratch.get('/var/lib/virtdeck-helper/output')).toContain('kernel-install add 6.1.0-1-amd64 /boot/vmlinuz-6.1.0-1-amd64\n');
  });

  test.each(['with nothing but sh', 'with mv and rm'])('the rescue script takes everything back, %s', (how) => {
    const scratch = scratchRoot(tempDir());
    const grub = 'GRUB_TIMEOUT=5\n# 50% \\n of "it"\nGRUB_CMDLINE_LINUX="quiet"';
    scratch.put('/etc/default/grub', grub);
    mkdirSync(join(scratch.root, 'etc/modprobe.d'));
    const added = grub.replace('quiet', 'quiet intel_iommu=on');
    expect(scratch.ask({ verb: 'file-write', file: 'grub-default', before: crc32(grub), content: added })).toMatchObject({ ok: true });
    expect(scratch.ask({ ...modprobe, content: ids })).toMatchObject({ ok: true });
    const more = `${ids}softdep nouveau pre: vfio-pci\n`;
    expect(scratch.ask({ ...modprobe, before: crc32(ids), content: more })).toMatchObject({ ok: true });
    if (how.includes('mv')) for (const tool of ['mv', 'rm']) scratch.put(`/bin/${tool}`, readFileSync(busybox ?? '', 'latin1'), 0o755);
    const rescue = '/var/lib/virtdeck-helper/rescue.sh';
    expect(scratch.get(rescue)).toBe(source('rescue.sh'));
    // Some shells of busybox have rm and mv built in: an empty PATH and dash leave none.
    const { stdout, status, stderr } = spawnSync('/usr/sbin/chroot', [scratch.root, '/bin/sh', rescue], {
      encoding: 'utf8',
      env: { PATH: '/bin' },
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toContain(`taken back: ${path}`);
    expect(scratch.get('/etc/default/grub')).toBe(grub);
    expect(scratch.get(path) ?? '').toBe('');
    // From outside, where the disk is mounted somewhere, it does the same; there is nothing left.
    const outside = spawnSync('sh', [join(scratch.root, rescue), scratch.root], { encoding: 'utf8' });
    expect(outside.status).toBe(0);
    expect(scratch.get('/etc/default/grub')).toBe(grub);
  });
});
