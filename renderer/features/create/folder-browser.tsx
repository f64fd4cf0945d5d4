// Owns walking through the folders of this computer to a file, or to a folder whose files are shown to tell it by.
// Must not show what cannot be a disk image as if it could: the core inspects what is chosen.
import {
  Alert,
  Breadcrumb,
  BreadcrumbItem,
  Button,
  Flex,
  FlexItem,
  Menu,
  MenuContent,
  MenuItem,
  MenuList,
  Panel,
  PanelHeader,
  PanelMain,
  Skeleton,
} from '@patternfly/react-core';
import { FileIcon } from '@patternfly/react-icons/dist/esm/icons/file-icon';
import { FolderIcon } from '@patternfly/react-icons/dist/esm/icons/folder-icon';
import { LevelUpAltIcon } from '@patternfly/react-icons/dist/esm/icons/level-up-alt-icon';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DirectoryListing } from '../../../electron/api/computer.ts';
import { useClient } from '../../client/context.tsx';
import { useLoaded } from '../../client/hooks.ts';
import { bytesText } from '../../ui/size-text.ts';
import { useSentences } from '../../ui/sentences.tsx';
import { crumbsOf, joined, shownEntries } from './folders.ts';

export interface FolderBrowserProps {
  /** Absolute path of the folder to begin with. */
  readonly start: string;
  readonly chooses: 'file' | 'folder';
  /** Absolute path of what was chosen. */
  readonly onChoose: (path: string) => void;
}

export function FolderBrowser({ start, chooses, onChoose }: FolderBrowserProps) {
  const { t } = useTranslation('create');
  const say = useSentences();
  const client = useClient();
  const [folder, setFolder] = useState(start);
  const load = useCallback((signal: AbortSignal) => client.listDirectory(folder, signal), [client, folder]);
  const listing = useLoaded(load);
  return (
    <Panel variant="bordered" isScrollable className="vd-folders">
      <PanelHeader>
        <Flex justifyContent={{ default: 'justifyContentSpaceBetween' }} alignItems={{ default: 'alignItemsCenter' }}>
          <FlexItem>
            <Breadcrumb aria-label={t('system.file.folder')}>
              {crumbsOf(folder).map(({ name, path }, index, all) => (
                <BreadcrumbItem key={path} isActive={index === all.length - 1}>
                  {index === all.length - 1 ? (
                    name
                  ) : (
                    <Button variant="link" isInline onClick={() => setFolder(path)}>
                      {name}
                    </Button>
                  )}
                </BreadcrumbItem>
              ))}
            </Breadcrumb>
          </FlexItem>
          {chooses === 'folder' && (
            <Button variant="secondary" size="sm" onClick={() => onChoose(folder)}>
              {t('system.file.useFolder')}
            </Button>
          )}
        </Flex>
      </PanelHeader>
      <PanelMain tabIndex={0}>
        {listing.phase === 'failed' && <Alert isInline isPlain variant="warning" title={say(listing.error.message)} />}
        {listing.value === undefined && listing.phase === 'loading' && (
          <Skeleton height="8rem" screenreaderText={t('system.file.inspecting')} />
        )}
        {listing.value !== undefined && <Entries listing={listing.value} chooses={chooses} onFolder={setFolder} onChoose={onChoose} />}
      </PanelMain>
    </Panel>
  );
}

interface EntriesProps {
  readonly listing: DirectoryListing;
  readonly chooses: FolderBrowserProps['chooses'];
  readonly onFolder: (path: string) => void;
  readonly onChoose: (path: string) => void;
}

function Entries({ listing, chooses, onFolder, onChoose }: EntriesProps) {
  const { t, i18n } = useTranslation('create');
  const { path, parent } = listing;
  const entries = shownEntries(listing.entries);
  return (
    <Menu
      isPlain
      onSelect={(_event, id) =>
        entries.some(({ name, type }) => name === id && type === 'file')
          ? onChoose(joined(path, String(id)))
          : onFolder(id === '..' ? (parent ?? path) : joined(path, String(id)))
      }
    >
      <MenuContent>
        <MenuList aria-label={path}>
          {parent !== undefined && (
            <MenuItem itemId=".." icon={<LevelUpAltIcon />}>
              {t('system.file.up')}
            </MenuItem>
          )}
          {entries.map(({ name, type, sizeBytes }) => (
            <MenuItem
              key={name}
              itemId={name}
              isDisabled={type === 'file' && chooses === 'folder'}
              icon={type === 'directory' ? <FolderIcon /> : <FileIcon />}
              description={type === 'file' ? bytesText(sizeBytes, i18n.language) : undefined}
            >
              {name}
            </MenuItem>
          ))}
          {entries.length === 0 && (
            <MenuItem isDisabled itemId="">
              {t('system.file.nothingHere')}
            </MenuItem>
          )}
        </MenuList>
      </MenuContent>
    </Menu>
  );
}
