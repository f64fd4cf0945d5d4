// Owns the page of settings: what the user chose for this computer, and what the program is.
// Must not apply settings; the window and the core follow the Settings object.
import { Card, CardBody, CardTitle, Form, FormGroup, PageSection, Radio, Stack, StackItem, Title } from '@patternfly/react-core';
import { type ReactNode, useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { SettingsSpec } from '../../../electron/api/kinds/settings.ts';
import { useClient } from '../../client/context.tsx';
import { useLoaded } from '../../client/hooks.ts';
import { useSettings } from '../../client/settings.ts';
import { useNotices } from '../../ui/notices.tsx';
import { About } from './about.tsx';
import { ApiAccessCard } from './api-access.tsx';
import { type Choice, choices } from './choices.ts';
import { InsecureRegistries } from './insecure-registries.tsx';
import { DesktopNotices } from './desktop-notices.tsx';
import { StartAtLogin } from './start-at-login.tsx';
import { Verdict } from './verdict.tsx';

/** `projects`: the card of projects, of another feature. */
export function SettingsPage({ projects }: { readonly projects: ReactNode }) {
  const { t } = useTranslation('settings');
  const client = useClient();
  const { spec, save } = useSettings();
  const { fail } = useNotices();
  const report = useLoaded(useCallback((signal: AbortSignal) => client.computer(signal), [client]));
  const change = (part: Partial<SettingsSpec>): void => {
    save(part).then(report.again, (error: unknown) => fail(t('failed.save'), error));
  };
  return (
    <PageSection isFilled>
      <Title headingLevel="h1" className="vd-page-title">
        {t('title')}
      </Title>
      <Stack hasGutter className="vd-narrow">
        <StackItem>
          <Card>
            <CardTitle component="h2">{t('general')}</CardTitle>
            <CardBody>
              <Form isHorizontal>
                {choices.map((choice) => (
                  <ChoiceField key={choice.field} choice={choice} spec={spec} onChange={change}>
                    {choice.field === 'accelerator' && <Verdict report={report} />}
                  </ChoiceField>
                ))}
                <StartAtLogin />
                <DesktopNotices />
                <InsecureRegistries
                  registries={spec?.insecureRegistries}
                  onChange={(insecureRegistries) => change({ insecureRegistries })}
                />
              </Form>
            </CardBody>
          </Card>
        </StackItem>
        <StackItem>
          <ApiAccessCard spec={spec} onChange={change} />
        </StackItem>
        <StackItem>
          <Card>
            <CardTitle component="h2">{t('clusters.title')}</CardTitle>
            <CardBody>
              <p className="vd-subtle">{t('clusters.note')}</p>
              <Link href="/clusters">{t('clusters.open')}</Link>
            </CardBody>
          </Card>
        </StackItem>
        <StackItem>{projects}</StackItem>
        <StackItem>
          <About report={report} />
        </StackItem>
      </Stack>
    </PageSection>
  );
}

interface ChoiceFieldProps {
  readonly choice: Choice;
  readonly spec: SettingsSpec | undefined;
  readonly onChange: (change: Partial<SettingsSpec>) => void;
  readonly children?: ReactNode;
}

function ChoiceField({ choice, spec, onChange, children }: ChoiceFieldProps) {
  const { t } = useTranslation('settings');
  const { field, options } = choice;
  return (
    <FormGroup role="radiogroup" isStack hasNoPaddingTop fieldId={`setting-${field}`} label={t(`${field}.title`)}>
      {options.map(({ value, label }) => (
        <Radio
          key={value}
          id={`setting-${field}-${value}`}
          name={`setting-${field}`}
          label={label ?? t(`${field}.${value}` as 'theme.auto')}
          isChecked={(spec?.[field] ?? options[0]?.value) === value}
          onChange={() => onChange({ [field]: value })}
        />
      ))}
      {children}
    </FormGroup>
  );
}
