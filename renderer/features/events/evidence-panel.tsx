// Owns the evidence of one failure: the screen, the last lines of the serial console, what QEMU said.
// Must not leave object URLs behind.
import {
  Alert,
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
  Skeleton,
} from '@patternfly/react-core';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Evidence, screenshotLeadMs } from '../../../electron/api/evidence.ts';
import { plainText } from '../../../electron/api/plain-text.ts';
import type { MachineName } from '../../client/client.ts';
import { useClient } from '../../client/context.tsx';
import { useLoaded } from '../../client/hooks.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { useFormats } from '../../ui/formats-context.tsx';
import { useSentences } from '../../ui/sentences.tsx';

export interface EvidencePanelProps {
  readonly machine: MachineName;
  readonly id: string;
}

export function EvidencePanel({ machine, id }: EvidencePanelProps) {
  const { t } = useTranslation('failures');
  const client = useClient();
  const { namespace, name } = machine;
  const load = useCallback((signal: AbortSignal) => client.evidence({ namespace, name }, signal), [client, namespace, name]);
  const { phase, value } = useLoaded(load, id);
  if (phase === 'loading') return <Skeleton height="8rem" screenreaderText={t('loading', { ns: 'words' })} />;
  if (phase === 'failed') return <Alert component="p" isInline isPlain variant="warning" title={t('evidence.failed')} />;
  const found = value.find((one) => one.id === id);
  if (found === undefined) return <Alert component="p" isInline isPlain variant="info" title={t('evidence.gone')} />;
  return <Shown machine={machine} evidence={found} />;
}

function Shown({ machine, evidence }: { readonly machine: MachineName; readonly evidence: Evidence }) {
  const { t } = useTranslation('failures');
  const say = useSentences();
  const formats = useFormats();
  const { time, action, message, serialTail, stderr, hasScreenshot } = evidence;
  return (
    <div className="vd-evidence">
      <DescriptionList isHorizontal isCompact>
        <Row term={t('evidence.time')}>{formats.exact(Date.parse(time))}</Row>
        <Row term={t('evidence.what')}>{say(message)}</Row>
        {action !== undefined && <Row term={t('evidence.action')}>{action}</Row>}
      </DescriptionList>
      {hasScreenshot && <Picture machine={machine} evidence={evidence} />}
      <Lines title={t('evidence.serial')} text={serialTail} empty={t('evidence.noSerial')} />
      {stderr !== '' && <Lines title={t('evidence.stderr')} text={stderr} empty="" />}
    </div>
  );
}

/** What the screen showed, and when: of one that went with QEMU, the last look before. */
function Picture({ machine, evidence }: { readonly machine: MachineName; readonly evidence: Evidence }) {
  const { t } = useTranslation('failures');
  const client = useClient();
  const formats = useFormats();
  const { namespace, name } = machine;
  const { id } = evidence;
  const leadMs = screenshotLeadMs(evidence);
  const lead = formats.duration(leadMs);
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const stop = new AbortController();
    let made: string | undefined;
    client.evidenceScreenshot({ namespace, name }, id, stop.signal).then(
      (picture) => {
        if (stop.signal.aborted) return;
        made = URL.createObjectURL(picture);
        setUrl(made);
      },
      // It was kept with the rest; without it the lines still tell.
      () => undefined,
    );
    return () => {
      stop.abort();
      if (made !== undefined) URL.revokeObjectURL(made);
    };
  }, [client, namespace, name, id]);
  if (url === undefined) return null;
  return (
    <figure>
      <figcaption className="vd-evidence-title">
        {leadMs === 0 ? t('evidence.screenThen') : t('evidence.screenBefore', { lead })}
      </figcaption>
      <img
        className="vd-evidence-screen"
        src={url}
        alt={leadMs === 0 ? t('evidence.pictureThen', { name }) : t('evidence.pictureBefore', { name, lead })}
      />
    </figure>
  );
}

function Lines({ title, text, empty }: { readonly title: string; readonly text: string; readonly empty: string }) {
  const { t } = useTranslation('failures');
  const shown = plainText(text).trim();
  if (shown === '') return empty === '' ? null : <p className="vd-subtle">{empty}</p>;
  return (
    <div className="vd-evidence-lines">
      <p className="vd-evidence-title">
        {title} <CopyButton text={shown} label={t('evidence.copy', { title })} doneLabel={t('copied', { ns: 'words' })} />
      </p>
      <pre className="vd-code" tabIndex={0} aria-label={title}>
        {shown}
      </pre>
    </div>
  );
}

function Row({ term, children }: { readonly term: string; readonly children: string }) {
  return (
    <DescriptionListGroup>
      <DescriptionListTerm>{term}</DescriptionListTerm>
      <DescriptionListDescription>{children}</DescriptionListDescription>
    </DescriptionListGroup>
  );
}
