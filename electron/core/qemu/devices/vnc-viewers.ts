// Owns VNC over TLS for viewers that are not ours: opt-in, with a password, on an address of this computer.
// Must not be the way of our own window: that is a socket in a private folder.
import { annotations } from '../../../api/annotations.ts';
import type { Cause } from '../../../api/errors.ts';
import type { LaunchFacts } from '../../facts.ts';
import { jsonOption, keyedOption } from '../args.ts';
import { hasGraphics } from '../attached.ts';
import type { Family } from '../fragment.ts';
import { firstVncPort, isLoopback, viewerField, viewerListenerOf, type ViewerListener, viewerSecretField } from '../vnc-viewers.ts';

/** RFB's own limit: the password is the key of a cipher of 1977. TLS is what protects the line. */
const passwordLength = 8;

export const vncViewersFamily: Family = (vmi, facts) => {
  const listener = viewerListenerOf(vmi);
  if (listener === undefined) return {};
  if (listener === 'malformed') return { causes: [malformed(vmi.metadata.annotations?.[annotations.vncListen] ?? '')] };
  if (!hasGraphics(vmi)) return { causes: [noScreen] };
  const password = passwordOf(vmi.metadata.annotations?.[annotations.vncSecret], facts.secrets);
  const causes = [...(facts.takenPorts.has(listener.port) ? [taken(listener)] : []), ...(typeof password === 'string' ? [] : [password])];
  if (causes.length > 0 || typeof password !== 'string') return { causes };
  const passwordFile = `${facts.runDir}/vnc-password`;
  const source = { field: viewerField };
  return {
    args: [
      jsonOption(
        '-object',
        { 'qom-type': 'tls-creds-x509', id: 'vnctls0', dir: facts.vncCertificateDir, endpoint: 'server', 'verify-peer': false },
        { ...source, reason: 'A link to the newest certificate: a renewal needs no restart.' },
      ),
      jsonOption('-object', { 'qom-type': 'secret', id: 'vncpw0', file: passwordFile, format: 'raw' }, { field: viewerSecretField }),
      keyedOption(
        '-vnc',
        {
          head: `${listener.address.includes(':') ? `[${listener.address}]` : listener.address}:${listener.port - firstVncPort}`,
          pairs: { 'tls-creds': 'vnctls0', 'password-secret': 'vncpw0' },
        },
        // QEMU renews the certificate of its first VNC server only.
        { ...source, reason: 'Before the socket of our own window, because display-reload reaches the first server alone.' },
      ),
    ],
    files: [{ type: 'secret', path: passwordFile, text: password.slice(0, passwordLength) }],
    tlsHosts: [wildcards.includes(listener.address) ? 'localhost' : listener.address],
    warnings: [...(isLoopback(listener.address) ? [] : [exposed(listener)]), ...(password.length > passwordLength ? [longPassword] : [])],
    passed: [`Another viewer can connect to the screen at ${text(listener)}, with TLS and the password.`],
  };
};

const wildcards = ['0.0.0.0', '::'];

function passwordOf(name: string | undefined, secrets: LaunchFacts['secrets']): string | Cause {
  const fix = 'Make a Secret with the key "password", and name it in the annotation.';
  if (name === undefined) {
    return { reason: 'FieldValueRequired', field: viewerSecretField, message: 'A screen that listens on a port needs a password.', fix };
  }
  const password = secrets[name]?.['password'];
  if (password !== undefined && password !== '') return password;
  const message = secrets[name] === undefined ? `The Secret ${name} does not exist.` : `The Secret ${name} has no key "password".`;
  return { reason: 'FieldValueNotFound', field: viewerSecretField, message, fix };
}

function text({ address, port }: ViewerListener): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}

function malformed(given: string): Cause {
  return {
    reason: 'FieldValueInvalid',
    field: viewerField,
    message: `${JSON.stringify(given)} is no address for VNC: it takes ports from ${firstVncPort} on.`,
    fix: 'Write an address of this computer and a port, such as 127.0.0.1:5901.',
  };
}

const noScreen: Cause = {
  reason: 'FieldValueInvalid',
  field: viewerField,
  message: 'The machine has no screen to connect to.',
  fix: `Remove the annotation ${annotations.vncListen}, or spec.domain.devices.autoattachGraphicsDevice.`,
};

function taken(listener: ViewerListener): Cause {
  return {
    reason: 'PortTaken',
    field: viewerField,
    message: `Some program listens on port ${listener.port} already.`,
    fix: `Use another port, such as ${text({ ...listener, port: listener.port === 65_535 ? firstVncPort : listener.port + 1 })}.`,
  };
}

function exposed(listener: ViewerListener): Cause {
  return {
    reason: 'ScreenExposed',
    field: viewerField,
    message: `Other computers can connect to the screen at ${text(listener)}. TLS hides what is shown; the password is all that keeps them out.`,
    fix: 'Use 127.0.0.1 and an SSH tunnel where you can.',
  };
}

const longPassword: Cause = {
  reason: 'PasswordCut',
  field: viewerSecretField,
  message: `VNC knows passwords of ${passwordLength} characters; the rest of this one does not count.`,
};
