// Owns making certificates: an authority's, a server's, a client's, and the one that leads from an old authority to a new.
// Must not write files. All keys are ECDSA P-256.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, type webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import type * as X509 from '@peculiar/x509';
import { AppError } from '../../api/errors.ts';

export interface Signed {
  readonly certificate: string;
  readonly serialNumber: string;
}

/** Who signs: its certificate and its key as PEM. */
export interface Signer {
  readonly certificate: string;
  readonly key: string;
}

export interface Validity {
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** 23 MB and 0.2 s that a core without TLS never pays. The library finds its parts by reflect-metadata, which must come first. */
async function library(): Promise<typeof X509> {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

export interface KeyPair {
  readonly privatePem: string;
  readonly publicPem: string;
}

export function newKeyPair(): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

/** Self-signed. Each has a name of its own: two authorities of one name would be mistaken for each other. */
export async function authorityCertificate(keys: KeyPair, validity: Validity): Promise<Signed> {
  const x509 = await library();
  const serialNumber = newSerialNumber();
  const subject: X509.JsonName = [{ CN: [`Virtdeck CA ${serialNumber.slice(0, 8)}`] }, { O: ['Virtdeck'] }];
  return issue(x509, {
    serialNumber,
    subject,
    issuer: subject,
    validity,
    publicPem: keys.publicPem,
    signingKey: keys.privatePem,
    extensions: [
      // One authority below it: the next one, for those who know only this one.
      new x509.BasicConstraintsExtension(true, 1, true),
      ...(await authorityExtensions(x509, keys.publicPem)),
      await x509.AuthorityKeyIdentifierExtension.create(await publicKeyOf(keys.publicPem)),
    ],
  });
}

/** The new authority's key, signed by the old one: who trusts only the old one comes to trust what the new one signs. */
export async function crossCertificate(
  next: string,
  { signer, validity }: { readonly signer: Signer; readonly validity: Validity },
): Promise<Signed> {
  const x509 = await library();
  const certificate = new x509.X509Certificate(next);
  const publicPem = createPublicKey(next).export({ type: 'spki', format: 'pem' }).toString();
  return issue(x509, {
    serialNumber: newSerialNumber(),
    subject: certificate.subjectName.toJSON(),
    ...(await by(x509, signer)),
    validity,
    publicPem,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      ...(await authorityExtensions(x509, publicPem)),
      await authorityKeyOf(x509, signer),
    ],
  });
}

export interface ServerOrder {
  readonly commonName: string;
  readonly hosts: readonly string[];
  readonly validity: Validity;
}

export async function serverCertificate(publicPem: string, signer: Signer, { commonName, hosts, validity }: ServerOrder): Promise<Signed> {
  const x509 = await library();
  const names = hosts.map((host) => ({ type: isIP(host) === 0 ? ('dns' as const) : ('ip' as const), value: host }));
  return issue(x509, {
    serialNumber: newSerialNumber(),
    subject: [{ CN: [commonName] }],
    ...(await by(x509, signer)),
    validity,
    publicPem,
    extensions: [
      ...(await leafExtensions(x509, { publicPem, signer, usage: x509.ExtendedKeyUsage.serverAuth })),
      new x509.SubjectAlternativeNameExtension(names),
    ],
  });
}

export interface ClientOrder {
  readonly user: string;
  readonly group: string;
  readonly validity: Validity;
}

/** Throws BadRequest when the key is no ECDSA P-256 key in PEM. */
export async function clientCertificate(publicPem: string, signer: Signer, { user, group, validity }: ClientOrder): Promise<Signed> {
  checkPublicKey(publicPem);
  const x509 = await library();
  return issue(x509, {
    serialNumber: newSerialNumber(),
    subject: [{ CN: [user] }, { O: [group] }],
    ...(await by(x509, signer)),
    validity,
    publicPem,
    extensions: await leafExtensions(x509, { publicPem, signer, usage: x509.ExtendedKeyUsage.clientAuth }),
  });
}

function checkPublicKey(pem: string): void {
  let details: KeyObject['asymmetricKeyDetails'];
  try {
    if (pem.includes('-----BEGIN PUBLIC KEY-----')) details = createPublicKey(pem).asymmetricKeyDetails;
  } catch {
    // The sentence below says it.
  }
  if (details?.namedCurve !== 'prime256v1') {
    const message = 'publicKey: Invalid value: it is no ECDSA P-256 public key in PEM';
    throw new AppError('BadRequest', message, { causes: [{ reason: 'FieldValueInvalid', field: 'publicKey', message }] });
  }
}

interface Order {
  readonly serialNumber: string;
  readonly subject: X509.JsonName;
  readonly issuer: X509.JsonName;
  readonly validity: Validity;
  readonly publicPem: string;
  readonly signingKey: string;
  readonly extensions: X509.Extension[];
}

async function issue(x509: typeof X509, order: Order): Promise<Signed> {
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: order.serialNumber,
    subject: order.subject,
    issuer: order.issuer,
    notBefore: new Date(order.validity.notBeforeMs),
    notAfter: new Date(order.validity.notAfterMs),
    signingAlgorithm: algorithm,
    publicKey: await publicKeyOf(order.publicPem),
    signingKey: createPrivateKey(order.signingKey).toCryptoKey(algorithm, false, ['sign']),
    extensions: order.extensions,
  });
  return { certificate: `${certificate.toString('pem').trim()}\n`, serialNumber: order.serialNumber };
}

async function by(x509: typeof X509, signer: Signer): Promise<Pick<Order, 'issuer' | 'signingKey'>> {
  return { issuer: new x509.X509Certificate(signer.certificate).subjectName.toJSON(), signingKey: signer.key };
}

async function authorityExtensions(x509: typeof X509, publicPem: string): Promise<X509.Extension[]> {
  return [
    // oxlint-disable-next-line no-bitwise -- key usages are a set of bits, in X.509 and in the library
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    await x509.SubjectKeyIdentifierExtension.create(await publicKeyOf(publicPem)),
  ];
}

interface Leaf {
  readonly publicPem: string;
  readonly signer: Signer;
  readonly usage: string;
}

async function leafExtensions(x509: typeof X509, { publicPem, signer, usage }: Leaf): Promise<X509.Extension[]> {
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([usage]),
    await x509.SubjectKeyIdentifierExtension.create(await publicKeyOf(publicPem)),
    await authorityKeyOf(x509, signer),
  ];
}

async function authorityKeyOf(x509: typeof X509, signer: Signer): Promise<X509.Extension> {
  const pem = createPublicKey(signer.certificate).export({ type: 'spki', format: 'pem' }).toString();
  return x509.AuthorityKeyIdentifierExtension.create(await publicKeyOf(pem));
}

async function publicKeyOf(pem: string): Promise<webcrypto.CryptoKey> {
  return createPublicKey(pem).toCryptoKey(algorithm, true, ['verify']);
}

/** RFC 5280: positive, at most 20 bytes, and not to be guessed. A first byte from 40 to 7f needs no zero before it. */
function newSerialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = 0x40 + ((bytes[0] ?? 0) % 0x40);
  return bytes.toString('hex');
}
