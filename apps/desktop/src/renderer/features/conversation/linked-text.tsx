import { type InspectedLink } from '@parley/domain'
import { TriangleAlert } from 'lucide-react'
import { Fragment } from 'react'

import { useAsk } from '../../bridge/bridge-context.tsx'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { LinkButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useNotifyRefusal } from '../../ui/use-notify-refusal.ts'
import styles from './linked-text.module.css'
import { splitLinks } from './split-links.ts'

/** Text as it was typed, with addresses that open in the system's browser. */
export function LinkedText({ text }: { text: string }) {
  return splitLinks(text).map((part, index) =>
    part.link === null ? (
      <Fragment key={index}>{part.text}</Fragment>
    ) : part.link.danger === null ? (
      <Address key={index} text={part.text} link={part.link} />
    ) : (
      <Deceptive key={index} text={part.text} link={part.link} />
    ),
  )
}

function Address({ text, link }: { text: string; link: InspectedLink }) {
  const ask = useAsk()
  const notifyRefusal = useNotifyRefusal()
  const open = async (): Promise<void> => {
    const result = await ask('shell.openExternal', { url: link.url })
    if (!result.ok) notifyRefusal(result.error)
  }
  return (
    <LinkButton
      role="link"
      className={styles.address}
      dir="ltr"
      title={link.host}
      onClick={() => void open()}
    >
      {text}
    </LinkButton>
  )
}

/** Read, and copied by who knows what it is; not clicked. Its letters are those that it would be opened with. */
function Deceptive({ text, link }: { text: string; link: InspectedLink }) {
  const t = useTranslate()
  const words =
    link.danger === 'too_long'
      ? t('link.tooLong', { host: link.host })
      : t('link.deceptive', { host: link.host })
  return (
    <>
      <bdi dir="ltr">{link.danger === 'hidden' ? link.url : text}</bdi>{' '}
      <span className={styles.warning} data-link-danger={link.danger}>
        <Icon of={TriangleAlert} size={13} />
        <bdi>{words}</bdi>
      </span>
    </>
  )
}
