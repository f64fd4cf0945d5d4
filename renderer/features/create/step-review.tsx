// Owns the last step: what will be made, as a table, as YAML, as a command, and whether it can start.
// Must not make it.
import { Content, Form, Grid, GridItem, Switch, Tab, Tabs, TabTitleText } from '@patternfly/react-core';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CodeText } from './code-text.tsx';
import type { DraftCheck } from './use-draft-check.ts';
import { createCommands, manifestYaml } from './manifest-text.ts';
import type { Manifests } from './manifests.ts';
import { playbookText } from './playbook-text.ts';
import { QemuCommand } from './qemu-command.tsx';
import { ReviewCheck } from './review-check.tsx';
import { ReviewSummary, type ReviewSummaryProps } from './review-summary.tsx';
import type { StepProps } from './step-props.ts';

const ManifestView = lazy(() => import('./manifest-view.tsx'));

export interface StepReviewProps extends StepProps {
  readonly manifests: Manifests | undefined;
  readonly check: DraftCheck;
  readonly instead?: ReviewSummaryProps['instead'];
}

type ReviewTab = 'summary' | 'yaml' | 'command' | 'kubectl' | 'ansible';

export function StepReview({ form, world, change, problems, manifests, check, instead }: StepReviewProps) {
  const { t } = useTranslation('create');
  const [tab, setTab] = useState<ReviewTab>('summary');
  const yaml = useMemo(() => (manifests === undefined ? '' : manifestYaml(manifests)), [manifests]);
  const byHand = form.options.run === 'manual';
  const command = check.value?.command;
  const run = { run: form.options.run, startWhenCreated: form.startWhenCreated };
  return (
    <Form onSubmit={(event) => event.preventDefault()}>
      <Grid hasGutter>
        <GridItem span={12} xl={8}>
          <Tabs
            activeKey={tab}
            aria-label={t('review.title')}
            onSelect={(_event, key) => setTab(key as ReviewTab)}
            mountOnEnter
            unmountOnExit
          >
            <Tab eventKey="summary" title={<TabTitleText>{t('review.summary')}</TabTitleText>}>
              <ReviewSummary form={form} world={world} {...(instead === undefined ? {} : { instead })} />
            </Tab>
            <Tab eventKey="yaml" title={<TabTitleText>{t('review.yaml')}</TabTitleText>}>
              <Suspense fallback={null}>
                <ManifestView text={yaml} label={t('review.yaml')} />
              </Suspense>
            </Tab>
            {command !== undefined && (
              <Tab eventKey="command" title={<TabTitleText>{t('review.command')}</TabTitleText>}>
                <QemuCommand command={command} />
              </Tab>
            )}
            <Tab eventKey="kubectl" title={<TabTitleText>kubectl</TabTitleText>}>
              {manifests !== undefined && (
                <CodeText id="kubectl-commands" text={createCommands(manifests, run)} copyLabel={t('review.copyCommands')} />
              )}
            </Tab>
            <Tab eventKey="ansible" title={<TabTitleText>{t('review.ansible')}</TabTitleText>}>
              {manifests !== undefined && (
                <>
                  <CodeText id="ansible-playbook" text={playbookText(manifests, run)} copyLabel={t('review.copyPlaybook')} />
                  <Content component="small">{t('review.ansibleNeeds')}</Content>
                </>
              )}
            </Tab>
          </Tabs>
        </GridItem>
        <GridItem span={12} xl={4}>
          <ReviewCheck check={check} problems={problems} target={{ namespace: world.namespace, name: form.name }} />
        </GridItem>
      </Grid>
      <Switch
        id="start-when-created"
        label={byHand ? t('review.start') : t('review.startsItself')}
        isChecked={!byHand || form.startWhenCreated}
        isDisabled={!byHand}
        onChange={(_event, to) => change({ section: 'startWhenCreated', to })}
      />
    </Form>
  );
}
