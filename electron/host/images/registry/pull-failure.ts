// Owns saying why an image could not be pulled: skopeo's words, recognised, with what to do.
// Must not run anything.
import { AppError } from '../../../api/errors.ts';

interface Row {
  readonly seen: RegExp;
  readonly message: (image: string) => string;
  readonly fix: string;
}

/** First match wins. */
const rows: readonly Row[] = [
  {
    seen: /server gave HTTP response to HTTPS client/i,
    message: (image) => `The registry of ${image} does not speak https.`,
    fix: 'Add it to the insecure registries in the settings, if you trust the network to it.',
  },
  {
    seen: /x509:|certificate signed by unknown authority|certificate is not trusted/i,
    message: (image) => `The certificate of the registry of ${image} is not trusted.`,
    fix: 'Put its authority, as ca.crt, into a folder named like the registry below ~/.config/containers/certs.d, or name a ConfigMap with it in certConfigMap of the disk.',
  },
  {
    seen: /unauthorized|authentication required|invalid username\/password|access to the resource is denied|denied:|no basic auth credentials/i,
    message: (image) => `The registry does not give ${image} to everybody: user or password is missing or wrong.`,
    fix: 'Name a Secret of the type kubernetes.io/dockerconfigjson in imagePullSecret, or correct it.',
  },
  {
    seen: /manifest unknown|name unknown|not found|repository name not known/i,
    message: (image) => `The registry has no image ${image}.`,
    fix: 'Check name and tag.',
  },
  {
    seen: /no such host|server misbehaving/i,
    message: (image) => `The registry of ${image} has no address.`,
    fix: 'Check its name, and the network of this computer.',
  },
  {
    seen: /connection refused|i\/o timeout|network is unreachable|no route to host|TLS handshake timeout|context deadline exceeded/i,
    message: (image) => `The registry of ${image} does not answer.`,
    fix: 'Check the network of this computer, or try again later.',
  },
  {
    seen: /toomanyrequests|rate limit/i,
    message: (image) => `The registry of ${image} has had enough requests from here for now.`,
    fix: 'Try again later, or name a Secret with your account in imagePullSecret.',
  },
];

/** Throws nothing: ENOSPC stays recognisable, because the caller knows how much was needed. */
export function pullFailure(image: string, stderr: string): Error {
  const words = lastWords(stderr);
  if (/no space left on device|disk quota exceeded/i.test(words)) return Object.assign(new Error(words), { code: 'ENOSPC' });
  const row = rows.find(({ seen }) => seen.test(words));
  const message = row === undefined ? `The image ${image} could not be pulled: ${words}` : row.message(image);
  const cause = { reason: 'ErrImagePull', field: 'image', message, ...(row === undefined ? {} : { fix: row.fix }) };
  return new AppError('ImageFetchFailed', message, { causes: [cause], cause: new Error(words) });
}

/** `time="…" level=fatal msg="…"`. */
function lastWords(stderr: string): string {
  const line = stderr.trim().split('\n').at(-1) ?? '';
  const quoted = /msg="((?:[^"\\]|\\.)*)"/.exec(line)?.[1];
  return (quoted ?? line).replaceAll(String.raw`\"`, '"').slice(0, 500);
}
