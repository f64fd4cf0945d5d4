// Owns the field for user data in the user's own words.
// Must not parse it: cloud-init takes scripts, archives and more.
import { TextArea } from '@patternfly/react-core';
import { notesId } from './field.tsx';

export interface RawUserDataProps {
  readonly value: string;
  readonly validated: 'default' | 'error' | 'warning';
  readonly onChange: (text: string) => void;
}

export function RawUserData({ value, validated, onChange }: RawUserDataProps) {
  return (
    <TextArea
      id="raw-user-data"
      className="vd-mono"
      value={value}
      rows={12}
      resizeOrientation="vertical"
      validated={validated}
      aria-describedby={notesId('raw-user-data')}
      placeholder={'#cloud-config\n'}
      spellCheck={false}
      onChange={(_event, text) => onChange(text)}
    />
  );
}
