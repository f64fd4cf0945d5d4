// Owns the form of durations. What is entered is checked by the core as it is typed, in the core's words.
// Must not know the rules between the values, beyond showing them.
import {
  ActionGroup,
  Button,
  Form,
  FormGroup,
  FormHelperText,
  Grid,
  GridItem,
  HelperText,
  HelperTextItem,
  TextInput,
} from '@patternfly/react-core';
import { type FormEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HyperConvergedSpec } from '../../../electron/api/kinds/hyper-converged.ts';
import type { JsonObject } from '../../../electron/api/object.ts';
import { useNotices } from '../../ui/notices.tsx';

const fields = [
  { group: 'ca', value: 'duration' },
  { group: 'ca', value: 'renewBefore' },
  { group: 'server', value: 'duration' },
  { group: 'server', value: 'renewBefore' },
] as const;

type Texts = Readonly<Record<string, string>>;

export interface DurationsFormProps {
  readonly spec: HyperConvergedSpec;
  /** Rejects with the refusal. */
  readonly save: (patch: JsonObject, dryRun: boolean) => Promise<unknown>;
}

export function DurationsForm({ spec, save }: DurationsFormProps) {
  const { t } = useTranslation('certificates');
  const { fail } = useNotices();
  const [edited, setEdited] = useState<Texts>({});
  const [checked, setChecked] = useState<{ readonly patch: string; readonly refusal?: string }>();
  const stored = textsOf(spec);
  const texts = { ...stored, ...edited };
  const isChanged = fields.some(({ group, value }) => texts[`${group}.${value}`] !== stored[`${group}.${value}`]);
  const patch = JSON.stringify(patchOf(texts));
  useEffect(() => {
    if (!isChanged) return undefined;
    let isOld = false;
    save(JSON.parse(patch) as JsonObject, true).then(
      () => isOld || setChecked({ patch }),
      (error: unknown) => isOld || setChecked({ patch, refusal: error instanceof Error ? error.message : String(error) }),
    );
    return () => {
      isOld = true;
    };
  }, [isChanged, patch, save]);
  const refusal = isChanged && checked?.patch === patch ? checked.refusal : undefined;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save(JSON.parse(patch) as JsonObject, false).then(
      () => setEdited({}),
      (error: unknown) => fail(t('failed.save'), error),
    );
  };
  return (
    <Form onSubmit={submit}>
      <Grid hasGutter>
        {fields.map(({ group, value }) => {
          const id = `${group}.${value}`;
          return (
            <GridItem key={id} span={12} sm={6}>
              <FormGroup label={t(`durations.${group}.${value}`)} fieldId={id}>
                <TextInput
                  id={id}
                  value={texts[id] ?? ''}
                  validated={refusal !== undefined && edited[id] !== undefined ? 'error' : 'default'}
                  aria-describedby="durations-rules"
                  onChange={(_event, text) => setEdited({ ...edited, [id]: text })}
                />
              </FormGroup>
            </GridItem>
          );
        })}
      </Grid>
      <FormHelperText>
        <HelperText id="durations-rules" aria-live="polite">
          {refusal !== undefined && <HelperTextItem variant="error">{withoutWebhook(refusal)}</HelperTextItem>}
          <HelperTextItem>{t('durations.rules')}</HelperTextItem>
        </HelperText>
      </FormHelperText>
      <ActionGroup>
        <Button type="submit" variant="primary" isDisabled={!isChanged || refusal !== undefined}>
          {t('durations.save')}
        </Button>
        <Button variant="link" isDisabled={!isChanged} onClick={() => setEdited({})}>
          {t('durations.undo')}
        </Button>
      </ActionGroup>
    </Form>
  );
}

function textsOf({ certConfig }: HyperConvergedSpec): Texts {
  return Object.fromEntries(fields.map(({ group, value }) => [`${group}.${value}`, certConfig?.[group]?.[value] ?? '']));
}

/** An empty field is a deleted value: it comes back as its default. */
function patchOf(texts: Texts): JsonObject {
  const life = (group: 'ca' | 'server'): JsonObject => ({
    duration: wanted(texts[`${group}.duration`]),
    renewBefore: wanted(texts[`${group}.renewBefore`]),
  });
  return { spec: { certConfig: { ca: life('ca'), server: life('server') } } };
}

function wanted(text = ''): string | null {
  return text.trim() === '' ? null : text.trim();
}

/** What kubectl prints before the reason says nothing to whoever looks at the field. */
function withoutWebhook(message: string): string {
  return message.replace(/^admission webhook "[^"]+" denied the request: /, '');
}
