// Owns the manifests as read-only YAML; loaded only when looked at, because the editor is large.
// Must not change them.
import { useTranslation } from 'react-i18next';
import { useDarkTheme } from '../../ui/dark-theme.ts';
import { YamlEditor } from '../../ui/yaml-editor/yaml-editor.tsx';

export default function ManifestView({ text, label }: { readonly text: string; readonly label: string }) {
  const { t } = useTranslation('yaml');
  const dark = useDarkTheme();
  return (
    <div className="vd-review-yaml">
      <YamlEditor value={text} label={label} dark={dark} phrases={t('phrases', { returnObjects: true })} />
    </div>
  );
}
