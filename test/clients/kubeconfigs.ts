// Owns kubeconfigs of a core, as a client finds them in KUBECONFIG: as `virtdeck kubeconfig` prints it, and with a certificate in it.
// Must not know any client.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Role } from '../../electron/api/certificates.ts';
import { virtdeck, type Places } from '../server/cli-process.ts';

/** Each call of a client asks for a certificate of its own. */
export async function printedKubeconfig(where: Places, folder: string): Promise<string> {
  return await put(folder, 'printed', await said(where, ['kubeconfig']));
}

/** With a certificate in it, good for an hour: clients that are called hundreds of times, or where each start is slow, need not ask each time. */
export async function embeddedKubeconfig(where: Places, folder: string, role: Role = 'admin'): Promise<string> {
  const printed = await said(where, ['kubeconfig']);
  const { status } = JSON.parse(await said(where, ['credential', ...(role === 'view' ? ['--view'] : [])])) as {
    readonly status: { readonly clientCertificateData: string; readonly clientKeyData: string };
  };
  const [certificate, key] = [status.clientCertificateData, status.clientKeyData].map((pem) => Buffer.from(pem).toString('base64'));
  const config = parse(printed) as { readonly users: readonly { readonly name: string }[] };
  const user = { 'client-certificate-data': certificate, 'client-key-data': key };
  return await put(folder, role, JSON.stringify({ ...config, users: config.users.map(({ name }) => ({ name, user })) }));
}

async function put(folder: string, name: string, content: string): Promise<string> {
  const path = join(folder, `${name}.kubeconfig`);
  await writeFile(path, content, { mode: 0o600 });
  return path;
}

async function said(where: Places, args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await virtdeck(where, args);
  if (status !== 0) throw new Error(`virtdeck ${args.join(' ')}: ${stderr}`);
  return stdout;
}
