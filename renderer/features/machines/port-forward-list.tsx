// Owns showing port forwards: an address to open, or a command to copy.
// Must not change them.
import { List, ListItem } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import type { KubeObject } from '../../../electron/api/object.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { type PortForward, forwardTarget, portForwards } from './port-forwards.ts';

export function PortForwards({ object }: { readonly object: Pick<KubeObject, 'metadata'> }) {
  const forwards = portForwards(object);
  if (forwards.length === 0) return <span className="vd-subtle">–</span>;
  return (
    <List isPlain>
      {forwards.map((forward) => (
        <ListItem key={`${forward.protocol}${forward.host}`}>
          <Forward forward={forward} />
        </ListItem>
      ))}
    </List>
  );
}

function Forward({ forward }: { readonly forward: PortForward }) {
  const { t } = useTranslation('machines');
  const { href, command } = forwardTarget(forward, undefined);
  const text = t('detail.forward', { host: forward.host, guest: forward.guest, protocol: forward.protocol.toUpperCase() });
  if (href !== undefined) {
    return (
      <a href={href} target="_blank" rel="noreferrer">
        {text}
      </a>
    );
  }
  return (
    <span className="vd-figure">
      {text}
      {command !== undefined && (
        <CopyButton text={command} label={t('detail.copyCommand', { command })} doneLabel={t('copied', { ns: 'words' })} />
      )}
    </span>
  );
}
