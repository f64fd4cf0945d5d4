import { expect, test } from 'vitest';
import { loadCatalog } from '../../../electron/host/images/catalog.ts';

test('every image of the catalogue is well formed, and none is there twice', async () => {
  const images = await loadCatalog();
  const twice = (values: readonly string[]): string[] => values.filter((value, index) => values.indexOf(value) !== index);
  expect({
    ids: twice(images.map(({ id }) => id)),
    urls: twice(images.map(({ url }) => url)),
    checksums: twice(images.map(({ checksum }) => checksum.value)),
    moving: images.filter(({ url }) => /\/(latest|current|daily)\//.test(url)).map(({ id }) => id),
    wrongArch: images.filter(({ id, arch }) => !id.endsWith(`-${arch}`)).map(({ id }) => id),
    cloudImagesWithoutUser: images
      .filter(({ type, defaultUser }) => type === 'cloud-image' && defaultUser === undefined)
      .map(({ id }) => id),
    installersThatAreNoIso: images.filter(({ type, format }) => (type === 'installer') !== (format === 'iso')).map(({ id }) => id),
  }).toEqual({ ids: [], urls: [], checksums: [], moving: [], wrongArch: [], cloudImagesWithoutUser: [], installersThatAreNoIso: [] });
});

test('the systems that people look for are there', async () => {
  const images = await loadCatalog();
  const systems = new Set(images.filter(({ arch }) => arch === 'amd64').map(({ os, type }) => `${os} ${type}`));
  expect([...systems].toSorted()).toEqual(
    expect.arrayContaining([
      'alpine cloud-image',
      'debian cloud-image',
      'debian installer',
      'fedora cloud-image',
      'opensuse cloud-image',
      'ubuntu cloud-image',
    ]),
  );
});
