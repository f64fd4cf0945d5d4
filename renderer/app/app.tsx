// Owns the providers around the window and the router.
// Must not hold any page.
import { useTranslation } from 'react-i18next';
import { Router } from 'wouter';
import { useHashLocation as hashLocation } from 'wouter/use-hash-location';
import { HomeProvider } from '../client/context.tsx';
import { UndoToasts } from '../features/history/undo-toasts.tsx';
import { MachineDialogsProvider } from '../features/machines/machine-dialogs.tsx';
import { AnnouncerProvider } from '../ui/announcer.tsx';
import { FormatsProvider } from '../ui/formats-context.tsx';
import { NoticesProvider } from '../ui/notices.tsx';
import { AtPlace } from './at-place.tsx';
import { ProjectProvider } from '../client/project.tsx';
import { CoreWords } from './core-words.tsx';
import { PreferencesFollower } from './preferences-follower.tsx';
import type { Home } from './services.ts';
import { Shell } from './shell.tsx';
import { StateAnnouncer } from './state-announcer.tsx';

export function App({ home }: { readonly home: Home }) {
  const { i18n } = useTranslation();
  return (
    <HomeProvider services={home.services}>
      <CoreWords>
        <FormatsProvider language={i18n.language}>
          <NoticesProvider>
            <AnnouncerProvider>
              <PreferencesFollower />
              {/* oxlint-disable-next-line react/hooks -- wouter takes its location hook as a value */}
              <Router hook={hashLocation}>
                <AtPlace home={home}>
                  <ProjectProvider>
                    <UndoToasts />
                    <MachineDialogsProvider>
                      <StateAnnouncer />
                      <Shell />
                    </MachineDialogsProvider>
                  </ProjectProvider>
                </AtPlace>
              </Router>
            </AnnouncerProvider>
          </NoticesProvider>
        </FormatsProvider>
      </CoreWords>
    </HomeProvider>
  );
}
