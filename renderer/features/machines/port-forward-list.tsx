// Owns showing port forwards: an address to open, a command to copy, or only the two ports.
// Must not change them.
import { List, ListItem } from '@patternfly/react-core';
import { ExternalLinkAltIcon } from '@patternfly/react-icons/dist/esm/icons/external-link-alt-icon';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../ui/copy-button.tsx';
import type { MachineView } from './machine-view.ts';
import { addressOf, type ForwardTarget, forwardTarget, guestUser, type PortForward, portForwards } from './port-forwards.ts';

export function PortForwards({ machine: { vm, vmi } }: { readonly machine: MachineView }) {
  const forwards = portForwards(vm, vmi);
  if (forwards.length === 0) return <span className="vd-subtle">–</span>;
  return (
    <List isPlain>
      {forwards.map((forward) => (
        <ListItem key={`${forward.protocol}${addressOf(forward)}${forward.host}`}>
          <Forward forward={forward} user={guestUser(vm)} />
        </ListItem>
      ))}
    </List>
  );
}

function Forward({ forward, user }: { readonly forward: PortForward; readonly user: string | undefined }) {
  const { t } = useTranslation('machines');
  const { host, guest, protocol } = forward;
  const target = forwardTarget(forward, user);
  const ports = { host, guest, protocol: protocol.toUpperCase() };
  if (target === undefined) return <span className="vd-figure">{t('detail.forward', { ...ports, address: addressOf(forward) })}</span>;
  return (
    <span className="vd-figure vd-wrap">
      <Target target={target} />
      <span className="vd-subtle">{t('detail.forwardPorts', ports)}</span>
    </span>
  );
}

function Target({ target }: { readonly target: ForwardTarget }) {
  const { t } = useTranslation('machines');
  if (target.scheme !== 'ssh') {
    return (
      <a href={target.href} target="_blank" rel="noreferrer">
        {target.href} <ExternalLinkAltIcon />
      </a>
    );
  }
  const { command } = target;
  return (
    <>
      <code className="vd-mono">{command}</code>
      <CopyButton text={command} label={t('detail.copyCommand', { command })} doneLabel={t('copied', { ns: 'words' })} />
    </>
  );
}
