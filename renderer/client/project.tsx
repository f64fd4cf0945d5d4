// Owns which project of this computer the window shows, and makes new things in: one, or all of them.
// Must not appear on a cluster: there the connection names the project.
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import type { ObjectOf, Resource } from './client.ts';
import type { Snapshot } from './collection.ts';
import { ServicesProvider, useServices } from './context.tsx';
import { useList } from './hooks.ts';

export interface Project {
  /** Absent: all of them. */
  readonly project?: string;
  /** Of every project there is. One means that nobody need know of projects. */
  readonly names: readonly string[];
  readonly choose: (project: string | undefined) => void;
}

const none: Project = { names: [], choose: () => undefined };
const ProjectContext = createContext<Project>(none);
const storageKey = 'virtdeck.project';

/** Inside, `usePlace().namespace` is the project that was chosen. */
export function ProjectProvider({ children }: { readonly children: ReactNode }) {
  const services = useServices();
  if (services.place.connection !== undefined) return children;
  return <Choice>{children}</Choice>;
}

function Choice({ children }: { readonly children: ReactNode }) {
  const services = useServices();
  const { phase, items } = useList('namespaces');
  const [chosen, setChosen] = useState(() => localStorage.getItem(storageKey) ?? undefined);
  const names = useMemo(() => items.map(({ metadata }) => metadata.name).toSorted(), [items]);
  // What was chosen may have been deleted, here or elsewhere.
  const project = chosen !== undefined && (phase !== 'ready' || names.includes(chosen)) ? chosen : undefined;
  const choose = useCallback((next: string | undefined) => {
    if (next === undefined) localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, next);
    setChosen(next);
  }, []);
  const value = useMemo(() => ({ ...(project === undefined ? {} : { project }), names, choose }), [project, names, choose]);
  const inProject = useMemo(
    () => (project === undefined ? services : { ...services, place: { ...services.place, namespace: project } }),
    [services, project],
  );
  return (
    <ProjectContext value={value}>
      <ServicesProvider services={inProject}>{children}</ServicesProvider>
    </ProjectContext>
  );
}

export function useProject(): Project {
  return useContext(ProjectContext);
}

/** Live objects of the project that is shown. */
export function useProjectList<R extends Resource>(resource: R): Snapshot<ObjectOf<R>> {
  const list = useList(resource);
  const { project } = useProject();
  return useMemo(
    () => (project === undefined ? list : { ...list, items: list.items.filter(({ metadata }) => metadata.namespace === project) }),
    [list, project],
  );
}
