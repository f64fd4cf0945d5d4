// Owns putting a line that could not be had into words: not there, not trusted, too slow.
// Must not decide what is done about it.
import type { AppError } from '../../api/errors.ts';
import { errnoOf, reasonOf } from '../errno.ts';
import { refused } from './kubeconfig.ts';

const certificateErrors = /^(?:CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_CERT|HOSTNAME_MISMATCH|ERR_OSSL)/;

export function lineFailure(server: string, error: unknown): AppError {
  const code = errnoOf(error) ?? '';
  const say = (message: string, reason: string, fix: string): AppError =>
    refused('ServiceUnavailable', 'spec.context', { message, reason, fix });
  if (certificateErrors.test(code)) {
    return say(
      `The certificate of ${server} is not trusted: ${reasonOf(error)}`,
      'CertificateNotTrusted',
      'Put the authority of the cluster into the kubeconfig, or ask its administrator for a new one.',
    );
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL')) {
    return say(
      `${server} does not speak TLS as expected: ${reasonOf(error)}`,
      'CertificateNotTrusted',
      'Check the address and the client certificate.',
    );
  }
  return say(
    `${server} does not answer: ${wordsOf(code, error)}`,
    'Unreachable',
    'Check the network, a VPN, and the address in the kubeconfig.',
  );
}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name could not be looked up',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  ETIMEDOUT: 'it took too long',
  ECONNRESET: 'the connection was cut',
};

function wordsOf(code: string, error: unknown): string {
  return words[code] ?? reasonOf(error);
}
