// Owns the ClusterPort: the API of clusters, reached with the user's own kubeconfig, loaded when somebody asks for one.
// Must not speak to anyone; lines.ts does.
import type { ClusterPort } from '../../engine/ports.ts';

export function createClusters(): ClusterPort & { close(): void } {
  let loading: Promise<ClusterPort & { close(): void }> | undefined;
  const lines = (): Promise<ClusterPort> => (loading ??= import('./lines.ts').then(({ createLines }) => createLines()));
  return {
    contexts: async (kubeconfig) => (await lines()).contexts(kubeconfig),
    context: async (place) => (await lines()).context(place),
    request: async (place, asked) => (await lines()).request(place, asked),
    ask: async (place, question) => (await lines()).ask(place, question),
    open: async (place, path) => (await lines()).open(place, path),
    send: async (...[place, to, content]) => (await lines()).send(place, to, content),
    receive: async (...[place, from, options]) => (await lines()).receive(place, from, options),
    close: () => void loading?.then((opened) => opened.close()),
  };
}
