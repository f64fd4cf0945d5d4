// Owns a ClusterPort without any kubeconfig: nobody has put one there.
// Must not connect.
import { AppError } from '../../electron/api/errors.ts';
import type { ClusterPort } from '../../electron/engine/ports.ts';

export function fakeClusters(): ClusterPort {
  const none = async (): Promise<never> => {
    throw new AppError('NotFound', 'The kubeconfig /home/me/.kube/config cannot be read: there is none.');
  };
  return { contexts: none, context: none, request: none, ask: none, open: none, send: none, receive: none };
}
