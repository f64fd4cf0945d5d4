// Owns resources/generated/schemas.json: the structural schemas of every kind, made from KubeVirt's, CDI's and Kubernetes'
// published TypeScript types (and from zod for kinds of our own). Must not transcribe a field by hand.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { anyJsonDefinitions, properties } from './schema-corrections.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const packageName = '@kubevirt-ui-ext/kubevirt-api';
const packageDir = join(root, 'node_modules', packageName);
export const schemasFile = join(root, 'resources/generated/schemas.json');

/** Sub-package → types whose closure is wanted. */
const wanted = {
  kubevirt: [
    'V1VirtualMachine',
    'V1VirtualMachineInstance',
    'V1beta1VirtualMachineInstancetype',
    'V1beta1VirtualMachineClusterInstancetype',
    'V1beta1VirtualMachinePreference',
    'V1beta1VirtualMachineClusterPreference',
    'V1VirtualMachineInstancePreset',
    'V1VirtualMachineInstanceReplicaSet',
    'V1beta1VirtualMachinePool',
    'V1beta1VirtualMachineSnapshot',
    'V1beta1VirtualMachineSnapshotContent',
    'V1beta1VirtualMachineRestore',
    'V1beta1VirtualMachineExport',
  ],
  'containerized-data-importer': ['V1beta1DataVolume'],
  kubernetes: [
    'IoK8sApiCoreV1PersistentVolumeClaim',
    'IoK8sApiCoreV1Namespace',
    'IoK8sApiCoreV1Node',
    'IoK8sApiCoreV1Secret',
    'IoK8sApiCoreV1ConfigMap',
    'IoK8sApiCoreV1Event',
    'IoK8sApiCoreV1ResourceQuota',
    'IoK8sApiCoreV1LimitRange',
    'IoK8sApiAppsV1ControllerRevision',
    'IoK8sApiSchedulingV1PriorityClass',
  ],
};

/** Changes when the result could: the package's version and everything this folder says. */
function inputDigest() {
  const here = dirname(fileURLToPath(import.meta.url));
  const inputs = [
    readFileSync(join(packageDir, 'package.json')),
    readFileSync(join(here, 'schemas.mjs')),
    readFileSync(join(here, 'schema-corrections.mjs')),
    readFileSync(join(root, 'electron/api/kinds/settings-schema.ts')),
    readFileSync(join(root, 'electron/api/kinds/connection-schema.ts')),
    readFileSync(join(root, 'electron/api/kinds/transfer-schema.ts')),
    readFileSync(join(root, 'electron/api/kinds/hyper-converged-fields.ts')),
    readFileSync(join(root, 'electron/api/kinds/hyper-converged-schema.ts')),
    readFileSync(join(root, 'electron/api/kinds/machine-config-schema.ts')),
  ];
  const hash = createHash('sha256');
  for (const input of inputs) hash.update(input);
  return hash.digest('hex').slice(0, 16);
}

export function schemasAreCurrent() {
  try {
    return JSON.parse(readFileSync(schemasFile, 'utf8')).digest === inputDigest();
  } catch {
    return false;
  }
}

export async function generateSchemas() {
  const { createGenerator } = await import('ts-json-schema-generator');
  const workDir = join(root, '.build/schemas');
  mkdirSync(workDir, { recursive: true });
  const definitions = {};
  // One run per sub-package: CDI and KubeVirt both publish V1beta1DataVolumeSpec, and the generator refuses two of a name.
  for (const [name, types] of Object.entries(wanted)) {
    const shapes = join(workDir, `${name}.ts`);
    const imports = `import type { ${types.join(', ')} } from '${packageName}/${name}';\n`;
    writeFileSync(shapes, imports + types.map((type) => `export type Root${type} = ${type};\n`).join(''));
    const tsconfig = join(workDir, `${name}.tsconfig.json`);
    const compilerOptions = { module: 'nodenext', moduleResolution: 'nodenext', target: 'es2022', skipLibCheck: true, strict: true };
    writeFileSync(tsconfig, JSON.stringify({ compilerOptions, files: [shapes] }));
    const generator = createGenerator({
      path: shapes,
      tsconfig,
      type: '*',
      skipTypeCheck: true,
      expose: 'all',
      additionalProperties: false,
    });
    const made = generator.createSchema('*').definitions;
    restoreJsonNames(made, name);
    for (const [key, schema] of Object.entries(made)) if (!key.startsWith('Root')) definitions[key] ??= schema;
  }
  for (const schema of Object.values(definitions)) integersNotNumbers(schema);
  relaxMetadata(definitions);
  correct(definitions);
  await addOwnKinds(definitions);
  mkdirSync(dirname(schemasFile), { recursive: true });
  const part = `${schemasFile}.part`;
  writeFileSync(part, JSON.stringify({ digest: inputDigest(), definitions }));
  renameSync(part, schemasFile);
  return Object.keys(definitions).length;
}

/** The types rename what is awkward in TypeScript (`default` → `_default`); the package's own readers know the wire's name. */
function restoreJsonNames(definitions, subPackage) {
  const map = JSON.parse(readFileSync(join(packageDir, 'dist', subPackage, 'index.js.map'), 'utf8'));
  map.sources.forEach((source, index) => {
    const definition = definitions[source.split('/').at(-1).replace(/\.ts$/, '')];
    if (definition?.properties === undefined) return;
    for (const [, typed, wire] of map.sourcesContent[index].matchAll(/'(\w+)': .*?json(?:, |\[)'([^']+)'/g)) {
      if (typed === wire || definition.properties[typed] === undefined) continue;
      definition.properties[wire] = definition.properties[typed];
      delete definition.properties[typed];
      definition.required = definition.required?.map((name) => (name === typed ? wire : name));
    }
  });
}

/** No field of these kinds is a fraction: upstream's OpenAPI has int32 and int64 only. */
function integersNotNumbers(schema) {
  if (typeof schema !== 'object' || schema === null) return;
  if (schema.type === 'number') schema.type = 'integer';
  for (const child of Object.values(schema.properties ?? {})) integersNotNumbers(child);
  if (typeof schema.additionalProperties === 'object') integersNotNumbers(schema.additionalProperties);
  if (schema.items !== undefined) integersNotNumbers(schema.items);
}

/** `status` is the server's, so nothing in it may be demanded; an Event's metadata and a Node's are completed by the server. */
function relaxMetadata(definitions) {
  for (const [name, schema] of Object.entries(definitions)) {
    if (name.endsWith('Status') || name.endsWith('Condition')) delete schema.required;
    if (name === 'IoK8sApiCoreV1Event') schema.required = ['involvedObject'];
    if (anyJsonDefinitions.some((ending) => name.endsWith(ending))) definitions[name] = { 'x-kubernetes-preserve-unknown-fields': true };
  }
}

function correct(definitions) {
  for (const [place, schema] of Object.entries(properties)) {
    const [definition, property] = place.split('.');
    const target = definitions[definition];
    if (target?.properties === undefined) continue;
    const description = target.properties[property]?.description;
    target.properties[property] = description === undefined ? schema : { ...schema, description };
  }
}

async function addOwnKinds(definitions) {
  const require = createRequire(join(root, 'package.json'));
  const { z } = await import(pathToFileURL(require.resolve('zod')).href);
  const { settingsSpecSchema } = await import('../../electron/api/kinds/settings-schema.ts');
  const { connectionSpecSchema } = await import('../../electron/api/kinds/connection-schema.ts');
  const { transferSpecSchema } = await import('../../electron/api/kinds/transfer-schema.ts');
  const { hyperConvergedSpecSchema } = await import('../../electron/api/kinds/hyper-converged-schema.ts');
  const { machineConfigSpecSchema } = await import('../../electron/api/kinds/machine-config-schema.ts');
  const specOf = (schema) => {
    const { $schema: _dialect, ...spec } = z.toJSONSchema(schema, { io: 'input' });
    return spec;
  };
  const hyperConverged = specOf(hyperConvergedSpecSchema);
  for (const schema of Object.values(hyperConverged.properties)) {
    // zod's unknown is a schema without a type; the structural dialect wants it said.
    if (schema.type === undefined) schema['x-kubernetes-preserve-unknown-fields'] = true;
  }
  const metadata = { $ref: '#/definitions/IoK8sApimachineryPkgApisMetaV1ObjectMeta' };
  const text = { type: 'string' };
  // Of k8snetworkplumbingwg's CustomResourceDefinition, which nobody publishes as types: it has this one field.
  definitions.NetworkAttachmentDefinition = {
    type: 'object',
    description: 'A network that machines can be put on.',
    properties: {
      apiVersion: text,
      kind: text,
      metadata,
      spec: {
        type: 'object',
        description: 'How a machine is attached to the network.',
        properties: { config: { type: 'string', description: 'CNI configuration as JSON: one plugin, or a list of plugins.' } },
        additionalProperties: false,
      },
    },
    additionalProperties: false,
  };
  definitions.Settings = {
    type: 'object',
    description: 'What the user chose for this computer.',
    properties: { apiVersion: text, kind: text, metadata, spec: specOf(settingsSpecSchema) },
    additionalProperties: false,
  };
  definitions.Connection = {
    type: 'object',
    description: 'A cluster that this computer speaks to, by a context of a kubeconfig.',
    properties: { apiVersion: text, kind: text, metadata, spec: specOf(connectionSpecSchema) },
    required: ['spec'],
    additionalProperties: false,
  };
  definitions.Transfer = {
    type: 'object',
    description: 'A machine on its way to a cluster, or from one. Deleting it stops it.',
    properties: {
      apiVersion: text,
      kind: text,
      metadata,
      spec: specOf(transferSpecSchema),
      status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    },
    required: ['spec'],
    additionalProperties: false,
  };
  const machineConfig = specOf(machineConfigSpecSchema);
  machineConfig.properties.config['x-kubernetes-preserve-unknown-fields'] = true;
  definitions.MachineConfig = {
    type: 'object',
    description: 'Kernel arguments and files that prepare this computer, as OpenShift has it.',
    properties: {
      apiVersion: text,
      kind: text,
      metadata,
      spec: machineConfig,
      status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    },
    additionalProperties: false,
  };
  definitions.HyperConverged = {
    type: 'object',
    description: 'How certificates are renewed on this computer, as OpenShift Virtualization has it.',
    properties: {
      apiVersion: text,
      kind: text,
      metadata,
      spec: hyperConverged,
      status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    },
    additionalProperties: false,
  };
}
