// Owns the container images of runs: how far the pull of each is, and when it is tried again.
// Must not move bytes; the host does. What is pulled is kept there, so that a core that is killed asks for nothing twice.
import { annotations } from '../api/annotations.ts';
import { AppError } from '../api/errors.ts';
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import type { KubeObject, ObjectKey } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import type { VolumeFact } from '../core/facts.ts';
import { type ImageReference, imageText, parseImage, pullPolicyOf } from '../core/images/image-reference.ts';
import { type WantedImage, wantedImages } from '../core/images/wanted-images.ts';
import { registryCredentials } from '../core/images/registry-credentials.ts';
import { textOfBase64 } from '../core/qemu/secret-text.ts';
import { withPullWords } from '../core/status/volume-status.ts';
import type { EngineContext } from './context.ts';
import type { ImagePull, Progress, PulledImage } from './ports.ts';
import { textOf } from './queue.ts';
import { read } from './typed.ts';

export interface Pulls {
  /** Begins what is due for this run. */
  begin(key: ObjectKey, vmi: VirtualMachineInstance): Promise<void>;
  /** What is known of one image, without asking any registry. */
  fact(vmi: VirtualMachineInstance, wanted: WantedImage): Promise<VolumeFact>;
  /** The run is over, or will never be. */
  forget(uid: string): void;
  close(): Promise<void>;
}

type State =
  | { readonly type: 'pulling'; readonly cancel: () => void; readonly ended: Promise<void>; progress: Progress | undefined; toldAt: number }
  | { readonly type: 'pulled'; readonly image: PulledImage }
  | { readonly type: 'failed'; readonly message: string; readonly times: number; readonly nextAt: number };

// The kubelet's: 10 seconds, then twice as long each time, up to five minutes.
const firstRetryMs = 10_000;
const lastRetryMs = 300_000;
const progressEveryMs = 500;

export function createPulls(context: Omit<EngineContext, 'pulls'>): Pulls {
  const { host, clock, events, objects } = context;
  /** By uid and name of the volume. */
  const states = new Map<string, State>();

  const writeWords = (key: ObjectKey, uid: string, change: Parameters<typeof withPullWords>[1]): void => {
    objects.change(key, (object) => {
      const vmi = object as VirtualMachineInstance;
      if (vmi.metadata.uid !== uid) return object;
      const changed: KubeObject = { ...vmi, status: withPullWords(vmi, change) };
      return change.type === 'pulled' ? withDigest(changed, change) : changed;
    });
  };

  const start = (key: ObjectKey, vmi: VirtualMachineInstance, { name, pull, times }: Asked): void => {
    const id = idOf(vmi, name);
    const { uid } = vmi.metadata;
    const pulling = host.images.pull(pull, (progress) => {
      const state = states.get(id);
      if (state?.type !== 'pulling') return;
      state.progress = progress;
      if (clock.now() - state.toldAt < progressEveryMs) return;
      state.toldAt = clock.now();
      writeWords(key, uid, { type: 'pulling', name, image: pull.image, progress });
    });
    const end = (state: State): void => {
      // Nobody waits for it any more.
      if (states.get(id)?.type !== 'pulling') return;
      states.set(id, state);
      context.wake(key);
    };
    const ended = pulling.done.then(
      (image) => {
        end({ type: 'pulled', image });
        writeWords(key, uid, { type: 'pulled', name, image: pull.image, digest: image.digest });
        events.record(vmi, { type: 'Normal', reason: 'Pulled', message: `Successfully pulled image "${pull.image}" (${image.digest})` });
      },
      (error: unknown) => {
        const message = textOf(error);
        end(failed(message, times + 1));
        if (error instanceof AppError && error.code === 'Timeout') return;
        events.record(vmi, { type: 'Warning', reason: 'ErrImagePull', message: `Failed to pull image "${pull.image}": ${message}` });
      },
    );
    states.set(id, { type: 'pulling', cancel: () => pulling.cancel(), ended, progress: undefined, toldAt: -Infinity });
    events.record(vmi, { type: 'Normal', reason: 'Pulling', message: `Pulling image "${pull.image}"` });
    writeWords(key, uid, { type: 'pulling', name, image: pull.image, progress: undefined });
  };

  const failed = (message: string, times: number): State => ({
    type: 'failed',
    message,
    times,
    nextAt: clock.now() + Math.min(firstRetryMs * 2 ** (times - 1), lastRetryMs),
  });

  const beginOne = async (key: ObjectKey, vmi: VirtualMachineInstance, wanted: WantedImage): Promise<void> => {
    const { name } = wanted;
    const id = idOf(vmi, name);
    const state = states.get(id);
    if (state?.type === 'pulling' || state?.type === 'pulled') return;
    if (state?.type === 'failed' && state.nextAt > clock.now()) return context.wakeAt(key, state.nextAt);
    const times = state?.times ?? 0;
    const asked = askedOf(context, vmi, wanted);
    if ('refusal' in asked) {
      states.set(id, failed(asked.refusal, times + 1));
      return;
    }
    const { reference, pull } = asked;
    const policy = pullPolicyOf(wanted.pullPolicy, reference);
    const there = policy === 'Always' ? undefined : await host.images.cached(pull.image, pull);
    if (states.get(id) !== state) return;
    if (there !== undefined) {
      states.set(id, { type: 'pulled', image: there });
      writeWords(key, vmi.metadata.uid, { type: 'pulled', name, image: pull.image, digest: there.digest });
    } else if (policy === 'Never') {
      states.set(id, failed(`Container image "${pull.image}" is not present with pull policy of Never`, times + 1));
    } else start(key, vmi, { name, pull, times });
  };

  return {
    async begin(key, vmi) {
      for (const wanted of wantedImages(vmi)) await beginOne(key, vmi, wanted);
    },
    async fact(vmi, wanted) {
      const { image } = wanted;
      const state = states.get(idOf(vmi, wanted.name));
      switch (state?.type) {
        case 'pulled':
          return pulledFact(context, state.image, wanted);
        case 'pulling':
          return { state: 'importing', message: `The image ${image} is being pulled (${shareOf(state.progress)}).` };
        case 'failed':
          return state.times === 1
            ? { state: 'failed', reason: 'ErrImagePull', message: state.message }
            : { state: 'failed', reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}": ${state.message}` };
        case undefined:
          return unasked(context, wanted);
      }
    },
    forget(uid) {
      for (const [id, state] of states) {
        if (!id.startsWith(`${uid}/`)) continue;
        states.delete(id);
        if (state.type === 'pulling') state.cancel();
      }
    },
    async close() {
      const running = [...states.values()].filter((state) => state.type === 'pulling');
      states.clear();
      for (const state of running) state.cancel();
      await Promise.all(running.map(({ ended }) => ended));
    },
  };
}

interface Asked {
  readonly name: string;
  readonly pull: ImagePull;
  readonly times: number;
}

/** What is asked of which registry, with which credentials; or why it cannot be asked. */
export function imagePullOf(
  { store }: Pick<EngineContext, 'store'>,
  { image, secret, namespace }: { readonly image: string; readonly secret: string; readonly namespace: string },
): { readonly refusal: string } | { readonly reference: ImageReference; readonly pull: ImagePull } {
  const reference = parseImage(image);
  if (reference === undefined) return { refusal: invalidName(image) };
  const settings = read(store, { resource: resources.settings, name: 'default' });
  const insecure = settings?.spec.insecureRegistries?.includes(reference.registry) === true;
  const pull = { image: imageText(reference), insecure };
  if (secret === '') return { reference, pull };
  const stored = read(store, { resource: resources.secrets, namespace, name: secret });
  if (stored === undefined) return { refusal: `There is no Secret ${secret} to open the registry ${reference.registry} with.` };
  const texts = Object.fromEntries(Object.entries(stored.data ?? {}).map(([key, value]) => [key, textOfBase64(value)]));
  const credentials = registryCredentials(texts, reference.registry);
  if (credentials === undefined) {
    return { refusal: `The Secret ${secret} is not of the type kubernetes.io/dockerconfigjson and holds no accessKeyId and secretKey.` };
  }
  return { reference, pull: { ...pull, credentials } };
}

function invalidName(image: string): string {
  return `Failed to apply default image tag "${image}": couldn't parse image name: invalid reference format`;
}

function shareOf(progress: Progress | undefined): string {
  if (progress?.percent === undefined) return 'not begun';
  return `${Math.floor(progress.percent)} %`;
}

function digestsOf({ metadata }: KubeObject): Record<string, string> {
  const text = metadata.annotations?.[annotations.imageDigests];
  return text === undefined ? {} : (JSON.parse(text) as Record<string, string>);
}

/** A machine that nobody has started: what was pulled before is told, and nothing is begun. */
async function unasked(parts: Pick<EngineContext, 'host'>, wanted: WantedImage): Promise<VolumeFact> {
  const reference = parseImage(wanted.image);
  if (reference === undefined) return { state: 'failed', reason: 'ErrImagePull', message: invalidName(wanted.image) };
  const there = await parts.host.images.cached(imageText(reference), wanted);
  if (there !== undefined) return pulledFact(parts, there, wanted);
  return { state: 'importing', message: `The image ${wanted.image} is pulled when the machine starts.` };
}

function pulledFact({ host }: Pick<EngineContext, 'host'>, image: PulledImage, { as }: WantedImage): Promise<VolumeFact> | VolumeFact {
  if (as === 'disk') return host.disks.inspectVolume(image.path, { writable: false });
  return { state: 'ready', path: image.path, format: 'raw', virtualSizeBytes: image.virtualSizeBytes, writable: false };
}

function idOf({ metadata: { uid } }: VirtualMachineInstance, name: string): string {
  return `${uid}/${name}`;
}

function askedOf(
  parts: Pick<EngineContext, 'store'>,
  vmi: VirtualMachineInstance,
  { image, pullSecret = '', path, as }: WantedImage,
): { readonly refusal: string } | { readonly reference: ImageReference; readonly pull: ImagePull } {
  const { namespace = 'default' } = vmi.metadata;
  const asked = imagePullOf(parts, { image, secret: pullSecret, namespace });
  if ('refusal' in asked) return asked;
  return { reference: asked.reference, pull: { ...asked.pull, ...(as === 'file' ? { as } : {}), ...(path === undefined ? {} : { path }) } };
}

function withDigest(object: KubeObject, { name, digest }: { readonly name: string; readonly digest: string }): KubeObject {
  const all = { ...digestsOf(object), [name]: digest };
  const notes = { ...object.metadata.annotations, [annotations.imageDigests]: JSON.stringify(all) };
  return { ...object, metadata: { ...object.metadata, annotations: notes } };
}
