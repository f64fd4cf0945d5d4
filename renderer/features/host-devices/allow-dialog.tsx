// Owns the form of one entry of the allow list. What is entered is checked by the core as it is typed, in the core's words.
// Must not hand anything to a machine.
import {
  Checkbox,
  FormGroup,
  FormHelperText,
  FormSelect,
  FormSelectOption,
  HelperText,
  HelperTextItem,
  Radio,
  TextInput,
} from '@patternfly/react-core';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Cause } from '../../../electron/api/errors.ts';
import type { HostDeviceReport } from '../../../electron/api/host-devices.ts';
import type { PermittedHostDevices } from '../../../electron/api/kinds/hyper-converged.ts';
import { useClient } from '../../client/context.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { useSentences } from '../../ui/sentences.tsx';
import { allowChoices, selectedHere } from './allow-choices.ts';
import { type AllowDraft, type AllowedRow, allowPatch, draftFaults, draftField } from './allow-list.ts';
import { hyperConverged } from '../../client/hyper-converged.ts';

export interface AllowDialogProps {
  readonly permitted: PermittedHostDevices | undefined;
  readonly report: HostDeviceReport;
  readonly start: AllowDraft;
  /** The entry that is edited; absent for a new one. */
  readonly row?: AllowedRow | undefined;
  readonly onClose: () => void;
}

const kinds = ['pciHostDevices', 'mediatedDevices', 'usbHostDevices'] as const;

export function AllowDialog({ permitted, report, start, row, onClose }: AllowDialogProps) {
  const { t } = useTranslation('allowed');
  const client = useClient();
  const [draft, setDraft] = useState(start);
  const [isSent, setSent] = useState(false);
  const patch = allowPatch(permitted, draft, row);
  // Once it is sent its entry may be there before the form has closed, and would be refused a second time.
  const causes = useRefusal(isComplete(draft) && !isSent ? patch : undefined);
  const faults = draftFaults(causes, draftField(permitted, draft, row));
  const choices = useMemo(() => allowChoices(report, draft.list), [report, draft.list]);
  const { list, selector, resourceName, externalResourceProvider } = draft;
  const change = (part: Partial<AllowDraft>): void => setDraft({ ...draft, ...part });
  const kind = list === 'usb' ? 'usbHostDevices' : list;
  const send = async (): Promise<void> => {
    setSent(true);
    try {
      await client.patch(hyperConverged, patch);
    } catch (error) {
      setSent(false);
      throw error;
    }
  };
  return (
    <FormDialog
      id="allow"
      variant="medium"
      title={t(row === undefined ? 'dialog.add' : 'dialog.edit')}
      note={t('dialog.note')}
      button={t(row === undefined ? 'dialog.allow' : 'dialog.save')}
      failed={t('dialog.failed')}
      isReady={isComplete(draft) && causes.length === 0}
      send={send}
      onClose={onClose}
    >
      <FormGroup role="radiogroup" isInline label={t('dialog.kind')} fieldId="allow-kind">
        {kinds.map((one) => (
          <Radio
            key={one}
            id={`allow-kind-${one}`}
            name="allow-kind"
            label={t(`kind.${one}`)}
            isChecked={kind === one}
            onChange={() => change({ list: one, selector: '', resourceName: '' })}
          />
        ))}
      </FormGroup>
      <FormGroup label={t('dialog.device')} fieldId="allow-device">
        <FormSelect
          id="allow-device"
          value={choices.find((choice) => choice.draft.selector.toLowerCase() === selector.toLowerCase())?.draft.selector ?? ''}
          onChange={(_event, value) => change(choices.find((choice) => choice.draft.selector === value)?.draft ?? { selector: '' })}
        >
          <FormSelectOption value="" label={t(choices.length === 0 ? 'dialog.none' : 'dialog.other')} />
          {choices.map(({ draft: { selector: value }, label }) => (
            <FormSelectOption key={value} value={value} label={list === 'mediatedDevices' ? label : `${label} [${value}]`} />
          ))}
        </FormSelect>
      </FormGroup>
      <FormGroup isRequired label={t(`selector.${kind}`)} fieldId="allow-selector">
        <TextInput
          id="allow-selector"
          value={selector}
          validated={faults.selector.length > 0 && selector !== '' ? 'error' : 'default'}
          aria-describedby="allow-selector-help"
          onChange={(_event, text) => change({ selector: text })}
        />
        <FormHelperText>
          <HelperText id="allow-selector-help" aria-live="polite">
            {selector !== '' && <Faults causes={faults.selector} />}
            <Here report={report} draft={draft} />
          </HelperText>
        </FormHelperText>
      </FormGroup>
      <FormGroup isRequired label={t('dialog.name')} fieldId="allow-name">
        <TextInput
          id="allow-name"
          value={resourceName}
          validated={faults.resourceName.length > 0 && resourceName !== '' ? 'error' : 'default'}
          aria-describedby="allow-name-help"
          onChange={(_event, text) => change({ resourceName: text })}
        />
        <FormHelperText>
          <HelperText id="allow-name-help" aria-live="polite">
            {resourceName !== '' && <Faults causes={faults.resourceName} />}
            <HelperTextItem>{t('dialog.nameHelp')}</HelperTextItem>
          </HelperText>
        </FormHelperText>
      </FormGroup>
      {isComplete(draft) && faults.others.length > 0 && (
        <HelperText aria-live="polite">
          <Faults causes={faults.others} />
        </HelperText>
      )}
      <Checkbox
        id="allow-external"
        label={t('dialog.external')}
        description={t('dialog.externalNote')}
        isChecked={externalResourceProvider}
        onChange={(_event, on) => change({ externalResourceProvider: on })}
      />
    </FormDialog>
  );
}

function Faults({ causes }: { readonly causes: readonly Cause[] }) {
  const say = useSentences();
  return causes.map(({ field, message, fix }) => (
    <HelperTextItem key={field} variant="error">
      {say(message)}
      {fix !== undefined && <> {say(fix)}</>}
    </HelperTextItem>
  ));
}

function Here({ report, draft }: { readonly report: HostDeviceReport; readonly draft: AllowDraft }) {
  const { t } = useTranslation('allowed');
  if (draft.selector.trim() === '') return <HelperTextItem>{t(`example.${draft.list}`)}</HelperTextItem>;
  const here = selectedHere(report, draft);
  const waiting = here.filter(({ isReady }) => !isReady).map(({ address }) => address);
  if (here.length === 0) {
    return <HelperTextItem variant="warning">{t(draft.list === 'mediatedDevices' ? 'here.noMdev' : 'here.none')}</HelperTextItem>;
  }
  return (
    <>
      <HelperTextItem>{t('here.some', { count: here.length, addresses: here.map(({ address }) => address).join(', ') })}</HelperTextItem>
      {waiting.length > 0 && (
        <HelperTextItem variant="warning">
          {t(draft.list === 'pciHostDevices' ? 'here.unbound' : 'here.denied', { count: waiting.length, addresses: waiting.join(', ') })}
        </HelperTextItem>
      )}
    </>
  );
}

function isComplete({ selector, resourceName }: AllowDraft): boolean {
  return selector.trim() !== '' && resourceName.trim() !== '';
}

type AllowPatch = ReturnType<typeof allowPatch>;

/** Why the core would not take it; nothing while it has not said so, or there is nothing to ask. */
function useRefusal(patch: AllowPatch | undefined): readonly Cause[] {
  const client = useClient();
  const [refusal, setRefusal] = useState<{ readonly asked: string; readonly causes: readonly Cause[] }>();
  const asked = patch === undefined ? undefined : JSON.stringify(patch);
  useEffect(() => {
    if (asked === undefined) return undefined;
    const stop = new AbortController();
    client.patch(hyperConverged, JSON.parse(asked) as AllowPatch, { dryRun: true, signal: stop.signal }).then(
      () => setRefusal(undefined),
      (error: unknown) => {
        if (!stop.signal.aborted) setRefusal({ asked, causes: causesOf(error) });
      },
    );
    return () => stop.abort();
  }, [client, asked]);
  return refusal !== undefined && refusal.asked === asked ? refusal.causes : [];
}

/** What has no causes is said when the form is sent. */
function causesOf(error: unknown): readonly Cause[] {
  return error instanceof Error && 'causes' in error && Array.isArray(error.causes) ? (error.causes as readonly Cause[]) : [];
}
