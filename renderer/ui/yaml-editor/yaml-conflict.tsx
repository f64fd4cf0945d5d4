// Owns the choice when a text was edited here and the object changed elsewhere.
// Must not save.
import { ActionList, ActionListGroup, ActionListItem, Button, Content, Stack, StackItem } from '@patternfly/react-core';
import type { DocumentState } from './document-state.ts';
import type { EditorPhrases, YamlWords } from './words.ts';
import { YamlDiff } from './yaml-diff.tsx';

export interface YamlConflictProps {
  readonly state: DocumentState;
  readonly dark: boolean;
  readonly words: YamlWords;
  readonly phrases: EditorPhrases | undefined;
  readonly onKeepMine: () => void;
  readonly onTakeStored: () => void;
  readonly onBack: () => void;
}

export function YamlConflict({ state, dark, words, phrases, onKeepMine, onTakeStored, onBack }: YamlConflictProps) {
  return (
    <Stack hasGutter className="vd-yaml-document">
      <StackItem>
        <Content component="h2">{words('compareTitle')}</Content>
        <Content component="p">{words('changed.body')}</Content>
      </StackItem>
      <StackItem isFilled className="vd-yaml-fill vd-yaml-sides">
        <strong>{words('stored')}</strong>
        <strong>{words('yours')}</strong>
        <YamlDiff
          left={{ text: state.stored, label: words('stored') }}
          right={{ text: state.text, label: words('yours') }}
          dark={dark}
          phrases={phrases}
        />
      </StackItem>
      <StackItem>
        <ActionList>
          <ActionListGroup>
            <ActionListItem>
              <Button onClick={onKeepMine}>{words('keepYours')}</Button>
            </ActionListItem>
            <ActionListItem>
              <Button variant="secondary" onClick={onTakeStored}>
                {words('takeStored')}
              </Button>
            </ActionListItem>
            <ActionListItem>
              <Button variant="link" onClick={onBack}>
                {words('back')}
              </Button>
            </ActionListItem>
          </ActionListGroup>
        </ActionList>
      </StackItem>
    </Stack>
  );
}
