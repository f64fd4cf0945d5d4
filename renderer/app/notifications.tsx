// Owns the drawer: what runs, and everything that was said since the window opened.
// Must not be the only place for an error that blocks the user.
import {
  Button,
  EmptyState,
  EmptyStateBody,
  NotificationDrawer,
  NotificationDrawerBody,
  NotificationDrawerHeader,
  NotificationDrawerList,
  NotificationDrawerListItem,
  NotificationDrawerListItemBody,
  NotificationDrawerListItemHeader,
  Progress,
} from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../ui/formats-context.tsx';
import { CauseList } from '../ui/cause-list.tsx';
import { type Notice, useNotices } from '../ui/notices.tsx';
import { Moment } from '../ui/moment.tsx';
import { type Task, useTasks } from './tasks.ts';

export function Notifications({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('shell');
  const { list, clear } = useNotices();
  const tasks = useTasks();
  return (
    <NotificationDrawer role="region" aria-label={t('notifications.title')}>
      <NotificationDrawerHeader title={t('notifications.title')} onClose={onClose} closeButtonAriaLabel={t('close', { ns: 'words' })}>
        <Button variant="link" isDisabled={list.length === 0} onClick={clear}>
          {t('notifications.clear')}
        </Button>
      </NotificationDrawerHeader>
      <NotificationDrawerBody>
        {tasks.length + list.length === 0 && (
          <EmptyState variant="sm" titleText={t('notifications.emptyTitle')} headingLevel="h2">
            <EmptyStateBody>{t('notifications.emptyBody')}</EmptyStateBody>
          </EmptyState>
        )}
        <NotificationDrawerList aria-label={t('notifications.title')}>
          {tasks.map((task) => (
            <TaskItem key={task.id} task={task} />
          ))}
          {list.map((notice) => (
            <NoticeItem key={notice.id} notice={notice} />
          ))}
        </NotificationDrawerList>
      </NotificationDrawerBody>
    </NotificationDrawer>
  );
}

function TaskItem({ task }: { readonly task: Task }) {
  const { t } = useTranslation('shell');
  const formats = useFormats();
  const { percent, doneBytes, totalBytes, secondsLeft } = task.progress ?? {};
  const parts = [
    doneBytes !== undefined && totalBytes !== undefined
      ? t('notifications.done', { done: formats.bytes(doneBytes), total: formats.bytes(totalBytes) })
      : undefined,
    secondsLeft === undefined ? undefined : t('notifications.left', { time: formats.duration(secondsLeft * 1000) }),
  ];
  return (
    <NotificationDrawerListItem variant="info" isRead>
      <NotificationDrawerListItemHeader
        variant="info"
        title={t(`notifications.${task.type}`, { name: task.name })}
        srTitle={t('notifications.task')}
      />
      <NotificationDrawerListItemBody>
        <Progress
          value={percent ?? 0}
          size="sm"
          title={parts.filter((part) => part !== undefined).join(' · ') || task.phase}
          aria-label={task.name}
        />
      </NotificationDrawerListItemBody>
    </NotificationDrawerListItem>
  );
}

function NoticeItem({ notice }: { readonly notice: Notice }) {
  const { variant, title, body, causes, at, fresh, id } = notice;
  const { close } = useNotices();
  return (
    <NotificationDrawerListItem variant={variant} isRead={!fresh} onClick={() => close(id)}>
      <NotificationDrawerListItemHeader variant={variant} title={title} />
      <NotificationDrawerListItemBody timestamp={<Moment time={new Date(at).toISOString()} />}>
        {body}
        {causes !== undefined && <CauseList causes={causes} />}
      </NotificationDrawerListItemBody>
    </NotificationDrawerListItem>
  );
}
