// Owns where elsewhere an image is, as it is typed in: an address on the web, or the name of a container image.
// Must not fetch it.

/** `registry.example.com:5000/team/image:tag`, or by digest. */
const imageName = /^(?!.*:\/\/)[a-z0-9][a-z0-9._:/-]*[a-z0-9](?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/;
const webAddress = /^https?:\/\/[^\s/]+\/\S*$/;

export type AddressProblem = 'addressMissing' | 'addressWrong' | 'imageNameWrong';

export function isWebAddress(text: string): boolean {
  return /^https?:/.test(text);
}

export function webAddressProblem(text: string): AddressProblem | undefined {
  if (text === '') return 'addressMissing';
  return webAddress.test(text) ? undefined : 'addressWrong';
}

export function imageNameProblem(text: string): AddressProblem | undefined {
  if (text === '') return 'addressMissing';
  return imageName.test(text) ? undefined : 'imageNameWrong';
}

/** Of either. */
export function addressProblem(text: string): AddressProblem | undefined {
  return isWebAddress(text) ? webAddressProblem(text) : imageNameProblem(text);
}

type ElsewhereSource =
  { readonly http: { readonly url: string } } | { readonly registry: { readonly url: string; readonly secretRef?: string } };

/** A DataVolume's. Only a registry is opened by a Secret here. */
export function elsewhereSource(address: string, secret: string): ElsewhereSource {
  if (isWebAddress(address)) return { http: { url: address } };
  return { registry: { url: `docker://${address}`, ...(secret === '' ? {} : { secretRef: secret }) } };
}
