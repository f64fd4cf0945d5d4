// Owns the toasts at the corner. Errors and warnings stay until closed; the rest goes after ten seconds, kept in the drawer.
// Must not decide what is said.
import { Alert, AlertActionCloseButton, AlertActionLink, AlertGroup, Content } from '@patternfly/react-core';
import { CauseList } from './cause-list.tsx';
import { useNotices } from './notices.tsx';
import { useSentences } from './sentences.tsx';

const readingMs = 10_000;
/** More would cover the page; the drawer has them all. */
const shownAtOnce = 4;

export function Toasts({ closeLabel, label }: { readonly closeLabel: string; readonly label: string }) {
  const { list, close } = useNotices();
  const say = useSentences();
  const fresh = list.filter((notice) => notice.fresh).slice(0, shownAtOnce);
  return (
    <AlertGroup isToast isLiveRegion aria-label={label}>
      {fresh.map(({ id, variant, title, body, causes, action }) => (
        <Alert
          component="p"
          key={id}
          variant={variant}
          title={title}
          timeout={variant === 'success' || variant === 'info' ? readingMs : false}
          onTimeout={() => close(id)}
          actionClose={<AlertActionCloseButton aria-label={closeLabel} onClose={() => close(id)} />}
          actionLinks={
            action !== undefined && (
              <AlertActionLink
                onClick={() => {
                  close(id);
                  action.run();
                }}
              >
                {action.label}
              </AlertActionLink>
            )
          }
        >
          {body !== undefined && <Content component="p">{say(body)}</Content>}
          {causes !== undefined && <CauseList causes={causes} />}
        </Alert>
      ))}
    </AlertGroup>
  );
}
