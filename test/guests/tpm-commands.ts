// Owns what a guest without any TPM software asks its TPM: the bytes of three commands, as shell lines.
// Must not run them. Bytes by the TPM 2.0 Library, part 3.

const index = '01500001';
/** What is stored: eight bytes that can be looked for in a state file. */
export const storedText = 'VIRTDECK';

const owner = '40000001';
/** Authorization with an empty password: TPM_RS_PW, no nonce, no attributes, no password. */
const password = '00000009400000090000000000';
/** Owner and index may read and write, without the lock-out of dictionary attacks. */
const attributes = '02060006';

/** TPM_ST_SESSIONS, the size of it all, the command, the rest. */
function command(code: string, rest: string): string {
  const size = (10 + rest.length / 2).toString(16).padStart(8, '0');
  return `8002${size}${code}${rest}`;
}

const bytesOfText = Buffer.from(storedText).toString('hex');
const publicArea = `${index}000b${attributes}00000008`;
const publicSize = (publicArea.length / 2).toString(16).padStart(4, '0');

const commands = {
  define: command('0000012a', `${owner}${password}0000${publicSize}${publicArea}`),
  write: command('00000137', `${owner}${index}${password}0008${bytesOfText}0000`),
  read: command('0000014e', `${owner}${index}${password}00080000`),
};

/** Prints `tpm-define=RC`, RC being eight hexadecimal digits, 00000000 for success; after a read what was stored follows the RC. */
function line(name: keyof typeof commands): string {
  const octal = commands[name].replaceAll(/../g, (byte) => `\\${Number.parseInt(byte, 16).toString(8).padStart(3, '0')}`);
  const answer = String.raw`$(printf '${octal}' >&3; head -c 64 <&3 | xxd -p | tr -d '\n' | cut -c13-)`;
  return `exec 3<>/dev/tpm0; answer=${answer}; exec 3>&-; echo "tpm-${name}=$(echo $answer | cut -c1-8) $(echo $answer | grep -o ${bytesOfText} | xxd -r -p)"`;
}

/** Reads what an earlier run stored, stores it, reads it again, and shows a measurement. */
export const tpmLines: readonly string[] = [
  'echo "tpm=$(cat /sys/class/tpm/tpm0/tpm_version_major) pcr0=$(head -c 64 /sys/class/tpm/tpm0/pcr-sha256/0)"',
  line('read').replace('tpm-read', 'tpm-before'),
  line('define'),
  line('write'),
  line('read').replace('tpm-read', 'tpm-after'),
];

/** Programs of the guest: `/bin/tpm-define`, `/bin/tpm-write` and `/bin/tpm-read` print the same lines when they are called. */
export const tpmPrograms: readonly string[] = (['define', 'write', 'read'] as const).flatMap((name) => [
  `cat > /bin/tpm-${name} <<'END'`,
  '#!/bin/sh',
  line(name),
  'END',
  `chmod +x /bin/tpm-${name}`,
]);
