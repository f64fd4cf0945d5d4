// Owns the shell script that prepares the inside of the lab and starts the program.
// Must not test anything; it is as short as it can be, since a fork takes 0.1 s in there.
import type { DebianDisk } from './debian-disk.ts';
import type { LabOptions } from './lab-options.ts';

export interface LabProgram {
  /** Absolute path of a TypeScript file whose default export is a LabProgramMain. */
  readonly file: string;
  /** Handed to the program as it is; JSON. */
  readonly input?: unknown;
}

export interface LabSurroundings {
  /** The checkout. */
  readonly root: string;
  readonly modules: string;
  readonly program: LabProgram;
}

export function runScript(options: LabOptions, { root, modules, program }: LabSurroundings): string {
  const pages = (options.hugePages2MiB ?? []).map(
    (count, node) => `echo ${count} > /sys/devices/system/node/node${node}/hugepages/hugepages-2048kB/nr_hugepages`,
  );
  const wanted = options.modules ?? [];
  const inside = options.rootImage === undefined ? '' : `chroot ${otherRoot} env -C ${root} `;
  const run = `${inside}node --disable-warning=ExperimentalWarning test/lab/inside/main.ts ${program.file} ${quoted(JSON.stringify(program.input ?? null))}`;
  return [
    `export PATH=${root}/node_modules/.bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    'export HOME=/root LANG=C.UTF-8 VIRTDECK_LAB=1',
    'mount -t tmpfs -o mode=755 tmpfs /run',
    'mkdir -p /dev/shm /dev/pts /run/lock /run/netns && mount -t tmpfs -o mode=1777 tmpfs /dev/shm && mount -t devpts devpts /dev/pts',
    // What this computer has in /tmp stays visible: the images of the tests are kept there.
    'mount -t cgroup2 none /sys/fs/cgroup',
    'echo "+cpuset +cpu +memory +io +pids" > /sys/fs/cgroup/cgroup.subtree_control',
    'ip link set lo up',
    `mkdir -p /lib/modules && mount --bind ${modules} /lib/modules`,
    ...(wanted.length === 0 ? [] : [`modprobe -a ${wanted.join(' ')}`]),
    ...pages,
    ...(options.rootImage === undefined ? [] : otherRootLines(options.rootImage, root)),
    `cd ${root}`,
    ...(options.systemd === true ? underSystemd(root, run) : [run, ...end]),
    '',
  ].join('\n');
}

const otherRoot = '/mnt';

/** The checkout is where it is outside; what goes into the temporary folder does not stay. */
function otherRootLines({ rootPartition }: DebianDisk, root: string): readonly string[] {
  const partition = `vda${rootPartition}`;
  return [
    'modprobe -a virtio_blk ext4',
    `mount -t ext4 /dev/${partition} ${otherRoot}`,
    // There is no udev, and update-grub writes down the UUID only where its link is.
    `mkdir -p /dev/disk/by-uuid && ln -s ../../${partition} /dev/disk/by-uuid/$(blkid -s UUID -o value /dev/${partition})`,
    `for folder in proc sys dev run; do mount --rbind /$folder ${otherRoot}/$folder; done`,
    `mount -t tmpfs tmpfs ${otherRoot}/tmp && mkdir -p ${otherRoot}${root} && mount --bind ${root} ${otherRoot}${root}`,
  ];
}

const end: readonly string[] = [
  'echo "LAB-EXIT $?"',
  // Power off without another fork: 9p may be gone by then.
  'echo o > /proc/sysrq-trigger',
  'while :; do :; done',
];

/** Becomes the first process, as the shell is one. */
function underSystemd(root: string, run: string): readonly string[] {
  const program = [`cd ${root}`, run, ...end];
  return [
    'mkdir -p /run/systemd/system && cp test/lab/systemd/* /run/systemd/system/',
    `{ export -p; cat <<'LAB-PROGRAM'\n${program.join('\n')}\nLAB-PROGRAM\n} > /run/lab-program.sh`,
    'exec /lib/systemd/systemd --unit=lab.target --log-target=console --log-level=warning --show-status=no',
  ];
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
