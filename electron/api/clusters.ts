// Owns the words about clusters on the wire: contexts of a kubeconfig, and what a connection can be used for.
// Must not hold a credential.
import type { Cause } from './errors.ts';

/** How a context signs in. `command` runs a program; `plugin` is what current kubectl has given up, too. */
export type CredentialType = 'certificate' | 'token' | 'password' | 'command' | 'plugin' | 'none';

export interface KubeContext {
  readonly name: string;
  readonly cluster: string;
  readonly user: string;
  readonly server: string;
  readonly namespace?: string;
  /** The one that kubectl takes when it is told none. */
  readonly isCurrent: boolean;
  readonly credential: CredentialType;
  /** What would be run to sign in: NAME=VALUE of its environment, then the program and its arguments. */
  readonly command?: readonly string[];
}

/** GET …/virtdeck.io/v1alpha1/kubeconfig?path=/home/me/.kube/config */
export interface ContextList {
  /** Of the file; of several, with a colon between, as KUBECONFIG has them. */
  readonly path: string;
  readonly contexts: readonly KubeContext[];
}

/** What the window and the command line want to do on a cluster, each a question for its RBAC. */
export const permissions = ['list', 'create', 'change', 'delete', 'start', 'stop', 'console', 'vnc', 'upload', 'export'] as const;
export type Permission = (typeof permissions)[number];

/** Parts that a cluster may have or lack. */
export const clusterParts = ['disks', 'upload', 'export', 'snapshots', 'instancetypes', 'networks'] as const;
export type ClusterPart = (typeof clusterParts)[number];

/** GET …/connections/NAME/report, and POST …/connectionreviews with a spec that is not stored. */
export interface ConnectionReport {
  /** Machines can be listed. */
  readonly usable: boolean;
  /** Why not, or what is missing for some of it. */
  readonly causes: readonly Cause[];
  readonly server?: string;
  /** Of Kubernetes, such as v1.31.2. */
  readonly version?: string;
  /** The project that is worked in. */
  readonly namespace: string;
  /** Machines of all projects can be listed, not only of that one. */
  readonly everywhere: boolean;
  readonly may: Readonly<Partial<Record<Permission, boolean>>>;
  readonly has: Readonly<Partial<Record<ClusterPart, boolean>>>;
}
