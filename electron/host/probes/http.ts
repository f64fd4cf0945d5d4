// Owns KubeVirt's httpGet question: is the answer one of 200 to 399?
// Must not follow a redirection, nor read a body: the guest is not trusted.
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { AppError } from '../../api/errors.ts';
import type { ProbeAnswer } from '../../engine/ports.ts';
import { reasonOf } from '../errno.ts';

export interface HttpQuestion {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  /** What the guest knows its port as, for the Host header. */
  readonly guestPort: number;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly timeoutMs: number;
}

export function askHttp({ scheme, host, port, guestPort, path, headers, timeoutMs }: HttpQuestion): Promise<ProbeAnswer> {
  return new Promise((resolve, reject) => {
    const ask = scheme === 'https' ? httpsRequest : httpRequest;
    const fail = (message: string): void => resolve({ succeeded: false, message });
    let asked: ReturnType<typeof httpRequest>;
    try {
      // Certificates are not checked, as Kubernetes does not: the guest asks for no trust, it shows that it lives.
      asked = ask({ host, port, path, headers: headersOf(headers, guestPort), agent: false, rejectUnauthorized: false });
    } catch (error) {
      // A header or a path that cannot be sent.
      reject(new AppError('BadRequest', `The probe cannot be asked: ${reasonOf(error)}`, { cause: error }));
      return;
    }
    const timer = setTimeout(() => {
      fail(`No answer within ${timeoutMs / 1000} s.`);
      asked.destroy();
    }, timeoutMs);
    asked.once('response', (answer) => {
      const status = answer.statusCode ?? 0;
      resolve({ succeeded: status >= 200 && status < 400, message: `HTTP probe: the guest answered ${status}.` });
      answer.destroy();
    });
    asked.on('error', (error) => fail(`The guest did not answer: ${reasonOf(error)}`));
    asked.once('close', () => {
      clearTimeout(timer);
      fail('The guest ended the connection.');
    });
    asked.end();
  });
}

/** A header that is given twice is sent twice. */
function headersOf(given: HttpQuestion['headers'], guestPort: number): Record<string, string | string[]> {
  const grouped = Map.groupBy(given, ([name]) => name.toLowerCase());
  const sent = [...grouped].map(([name, rows]): [string, string | string[]] => {
    const values = rows.map(([, value]) => value);
    return [name, values.length === 1 ? (values[0] ?? '') : values];
  });
  return { host: `localhost:${guestPort}`, 'user-agent': 'kube-probe/virtdeck', accept: '*/*', ...Object.fromEntries(sent) };
}
