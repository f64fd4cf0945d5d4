// Owns the TPM 2.0 of a machine: its device, and swtpm, which is the chip behind it.
// Must not start swtpm; the plan's steps do.
import { annotations } from '../../../api/annotations.ts';
import { discardsChanges } from '../../../api/discard-changes.ts';
import type { Cause } from '../../../api/errors.ts';
import type { VirtualMachineInstance } from '../../../api/kinds/virtual-machine-instance.ts';
import type { LaunchFacts, SwtpmFact } from '../../facts.ts';
import { jsonOption, keyedOption } from '../args.ts';
import type { Family } from '../fragment.ts';
import { runtimePaths, tpmFolder } from '../runtime-paths.ts';

const field = 'spec.domain.devices.tpm';
const secretField = `metadata.annotations[${annotations.tpmSecret}]`;
const passphraseKey = 'passphrase';

export const tpmFamily: Family = (vmi, facts) => {
  const { tpm } = vmi.spec.domain.devices;
  if (tpm === undefined || tpm.enabled === false) return {};
  const { swtpm } = facts.host;
  if (swtpm === undefined) return { causes: [swtpmMissing] };
  const persistent = tpm.persistent === true;
  const { tpmSocket, tpmLog } = runtimePaths(facts);
  const kept = `${facts.stateDir}/${tpmFolder}`;
  const ofRun = `${facts.runDir}/${tpmFolder}`;
  const isCopied = persistent && discardsChanges(vmi);
  const folder = persistent && !isCopied ? kept : ofRun;
  const key = keyOf(vmi, facts.secrets);
  const causes = [...key.causes, ...programCauses(swtpm, key.passphrase !== undefined), ...pathCauses([folder, tpmSocket])];
  if (causes.length > 0) return { causes };
  return {
    args: [
      keyedOption('-chardev', { head: 'socket', pairs: { id: 'tpm0', path: tpmSocket } }, { field }),
      keyedOption('-tpmdev', { head: 'emulator', pairs: { id: 'tpm-chip0', chardev: 'tpm0' } }, { field }),
      jsonOption('-device', { driver: modelOf(vmi), id: 'tpm-device0', tpmdev: 'tpm-chip0' }, { field }),
    ],
    files: isCopied
      ? [
          { type: 'folder', path: kept },
          { type: 'copy', from: kept, to: ofRun },
        ]
      : [{ type: 'folder', path: folder }],
    sidecars: [
      {
        name: 'swtpm',
        program: swtpm.program,
        args: [
          'socket',
          '--tpm2',
          '--tpmstate',
          `dir=${folder},mode=0600`,
          '--ctrl',
          `type=unixio,path=${tpmSocket},mode=0600`,
          // Ends with QEMU's connection, also when nobody watches.
          '--terminate',
          ...(swtpm.features.has('cmdarg-seccomp') ? ['--seccomp', 'action=kill'] : []),
          ...(key.passphrase === undefined ? [] : ['--key', 'pwdfd=3,mode=aes-256-cbc,kdf=pbkdf2']),
        ],
        socket: tpmSocket,
        log: tpmLog,
        ...(key.passphrase === undefined ? {} : { secret: key.passphrase }),
        serves: 'The TPM',
        field,
      },
    ],
    passed: [
      persistent
        ? `TPM 2.0, its state is kept${key.passphrase === undefined ? '' : ' encrypted'}.`
        : 'TPM 2.0, its state is forgotten when the machine stops.',
    ],
    warnings: key.passphrase !== undefined && !persistent ? [nothingToEncrypt] : [],
  };
};

/** CRB is the TPM 2.0 interface that UEFI and Windows expect; SeaBIOS has measured with TIS for longer. */
function modelOf(vmi: VirtualMachineInstance): 'tpm-crb' | 'tpm-tis' {
  return vmi.spec.domain.firmware?.bootloader?.efi === undefined ? 'tpm-tis' : 'tpm-crb';
}

interface Key {
  readonly passphrase?: string;
  readonly causes: readonly Cause[];
}

function keyOf(vmi: VirtualMachineInstance, secrets: LaunchFacts['secrets']): Key {
  const name = vmi.metadata.annotations?.[annotations.tpmSecret];
  if (name === undefined) return { causes: [] };
  const secret = secrets[name];
  if (secret === undefined) return { causes: [secretMissing(name)] };
  const passphrase = secret[passphraseKey] ?? '';
  return passphrase === '' ? { causes: [passphraseMissing(name)] } : { passphrase, causes: [] };
}

function programCauses({ program, features }: SwtpmFact, needsKey: boolean): readonly Cause[] {
  const lacks = [
    ...(features.has('tpm-2.0') ? [] : ['TPM 2.0']),
    ...(needsKey && !features.has('cmdarg-pwd-fd') ? ['encrypted state'] : []),
  ];
  if (lacks.length === 0) return [];
  return [
    { reason: 'SwtpmTooOld', field, message: `${program} is too old for ${lacks.join(' and ')}.`, fix: 'Install swtpm 0.7 or newer.' },
  ];
}

/** swtpm ends a value at a comma and knows no way to write one. */
function pathCauses(paths: readonly string[]): readonly Cause[] {
  return paths
    .filter((path) => path.includes(','))
    .map((path) => ({
      reason: 'PathNotSupported',
      field,
      message: `swtpm cannot use ${path}, because there is a comma in it.`,
      fix: 'Choose data and run folders without a comma (VIRTDECK_DATA, VIRTDECK_RUN).',
    }));
}

const swtpmMissing: Cause = {
  reason: 'SwtpmMissing',
  field,
  message: 'swtpm was not found on this computer; it is what makes the TPM of a machine.',
  fix: `Install it (Debian and Ubuntu: apt install swtpm; Fedora: dnf install swtpm), or remove ${field}.`,
};

function secretMissing(name: string): Cause {
  return {
    reason: 'SecretMissing',
    field: secretField,
    message: `The Secret ${name}, which encrypts the state of the TPM, does not exist.`,
    fix: `Create it with the key ${passphraseKey}, or remove the annotation of a machine whose TPM has no state yet.`,
  };
}

function passphraseMissing(name: string): Cause {
  return {
    reason: 'SecretMissing',
    field: secretField,
    message: `The Secret ${name} has no ${passphraseKey} to encrypt the state of the TPM with.`,
    fix: `Add the key ${passphraseKey} to the Secret.`,
  };
}

const nothingToEncrypt: Cause = {
  reason: 'NoEffect',
  field: secretField,
  message: 'The state of the TPM is not kept, so there is nothing to encrypt.',
  fix: `Set ${field}.persistent to true, or remove the annotation.`,
};
