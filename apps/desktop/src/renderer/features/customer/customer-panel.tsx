import type { ConversationView } from '@parley/contracts'
import { isolated } from '@parley/domain'
import { type KeyboardEvent } from 'react'

import { useViewState } from '../../app/view-state.ts'
import { type Extent, useExtent } from '../../bridge/use-is-partial.ts'
import { monthAndYear } from '../../i18n/moments.ts'
import { type Translate } from '../../i18n/translate.ts'
import { useLanguage, useTranslate } from '../../i18n/use-translate.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { ChannelGlyph } from '../../ui/channel-glyph.tsx'
import { classNames } from '../../ui/class-names.ts'
import text from '../../ui/text.module.css'
import { useTimeOrDate } from '../../ui/use-time-or-date.ts'
import { customerFacts } from './customer-facts.ts'
import styles from './customer-panel.module.css'

interface CustomerPanelProps {
  conversation: ConversationView
  isOverlay: boolean
  onClose: () => void
}

/** Who one writes with: where they can be reached, what is known, what was before. */
export function CustomerPanel({ conversation, isOverlay, onClose }: CustomerPanelProps) {
  const t = useTranslate()
  const language = useLanguage()
  const { row, customer } = conversation
  // The server has mostly said the rest before it is said that nobody knows.
  const note = othersNote(customer, useExtent(customer), t)
  const facts = customerFacts(customer.metadata)
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isOverlay || event.key !== 'Escape') return
    event.preventDefault()
    onClose()
  }
  return (
    <aside
      className={classNames(styles.panel, isOverlay && styles.overlay)}
      aria-label={t('panel.label')}
      data-pane="customer"
      tabIndex={0}
      data-pane-focus
      onKeyDown={onKeyDown}
    >
      <div className={styles.top}>
        <Avatar id={customer.id} name={row.title} size="large" />
        <div className={text.grow}>
          <strong className={styles.name}>{row.title}</strong>
          <span className={text.meta}>
            {t('panel.since', { date: monthAndYear(Date.parse(customer.createdAt), language) })}
          </span>
        </div>
      </div>
      <section className={classNames(styles.section, styles.first)}>
        <h3 className={styles.heading}>{t('panel.identities')}</h3>
        {customer.identities.map((identity) => (
          <div key={`${identity.channel} ${identity.externalId}`} className={styles.identity}>
            <ChannelGlyph channel={identity.channel} />
            <div>
              <div className={classNames(text.cut, text.digits)}>{identity.externalId}</div>
              <div className={styles.small}>
                {identity.channel === row.channel && identity.isPrimary
                  ? t('panel.thisConversation')
                  : t(identity.channel === 'whatsapp' ? 'channel.whatsapp' : 'channel.chat_app')}
              </div>
            </div>
          </div>
        ))}
      </section>
      {facts.length > 0 && (
        <section className={styles.section}>
          <h3 className={styles.heading}>{t('panel.facts')}</h3>
          <dl className={styles.facts}>
            {facts.map((fact) => (
              <div key={fact.name} style={{ display: 'contents' }}>
                <dt>{fact.name}</dt>
                <dd>
                  <bdi>{fact.value}</bdi>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      <section className={styles.section}>
        <h3 className={styles.heading}>
          {t('panel.others')}
          {!customer.isPartial && <span className={text.digits}>{customer.others.length}</span>}
        </h3>
        <Others others={customer.others} />
        {/* Below them, so that nothing moves when it is said. */}
        {note !== null && <p className={styles.small}>{note}</p>}
      </section>
    </aside>
  )
}

/** That there are none is known when the server has said so. */
function othersNote(
  { others, isOfTeams }: ConversationView['customer'],
  extent: Extent,
  t: Translate,
): string | null {
  if (extent === 'unknown') return null
  if (extent === 'here') return t(others.length > 0 ? 'panel.othersHere' : 'panel.noOthersHere')
  if (others.length > 0) return null
  return t(isOfTeams ? 'panel.noOthersInTeams' : 'panel.noOthers')
}

function Others({ others }: { others: ConversationView['customer']['others'] }) {
  const t = useTranslate()
  const timeOrDate = useTimeOrDate()
  const openConversation = useViewState((state) => state.openConversation)
  return (
    <ul>
      {others.map((other) => (
        <li key={other.id}>
          <button
            type="button"
            className={styles.other}
            title={`${t(`status.${other.status}`)}: ${isolated(other.preview)}`}
            onClick={() => openConversation(other.id)}
          >
            <ChannelGlyph channel={other.channel} size={14} />
            <bdi className={text.cut}>{other.preview}</bdi>
            <span className={classNames(text.meta, text.digits)}>
              {other.lastMessageAt && timeOrDate(other.lastMessageAt)}
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}
