import type { ConversationView, PersonView } from '@parley/contracts'

import { useOpenConversation } from '../../app/use-open-conversation.ts'
import { useAsk } from '../../bridge/bridge-context.tsx'
import { useLookingAt } from '../../bridge/use-looking-at.ts'
import { useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { foldText } from '../../ui/fold-text.ts'
import { loadText } from '../../ui/load-text.ts'
import { MarkedText } from '../../ui/marked-text.tsx'
import { useNotifyRefusal } from '../../ui/use-notify-refusal.ts'
import { useOfferUndo } from '../conversation/index.ts'
import { type PaletteGroup } from '../palette/index.ts'
import { presenceWords } from '../presence/index.ts'

const MOST = 6

/** People to whom the open conversation can be handed. */
export const peopleGroup: PaletteGroup = {
  useFound: (wanted) => {
    const t = useTranslate()
    const { people } = useDirectory()
    const conversation = useOpenConversation()
    const transferTo = useTransfer(conversation)
    const needle = foldText(wanted.trim())
    const found =
      needle === '' || !conversation?.abilities.transfer
        ? []
        : [...people.values()]
            .filter(
              ({ id, isActive, fullName }) =>
                isActive &&
                id !== conversation.row.assignedTo &&
                foldText(fullName).includes(needle),
            )
            .slice(0, MOST)
    useLookingAt(found.map(({ id }) => id))
    return {
      heading: t('palette.transferTo', { name: conversation?.row.title ?? '' }),
      items: found.map((person) => ({
        value: `person ${person.id}`,
        icon: <Avatar id={person.id} name={person.fullName} size="small" />,
        label: <MarkedText text={person.fullName} wanted={wanted} />,
        end: (
          <>
            {presenceWords(person.presence, t)} {loadText(person.load, person.presence.capacity)}
          </>
        ),
        run: () => void transferTo(person),
      })),
    }
  },
}

function useTransfer(conversation: ConversationView | null) {
  const ask = useAsk()
  const notifyRefusal = useNotifyRefusal()
  const offerUndo = useOfferUndo()
  return async ({ id: userId }: PersonView) => {
    if (conversation === null) return
    const conversationId = conversation.row.id
    const to = { kind: 'person', userId } as const
    const result = await ask('conversation.transfer', { conversationId, to })
    if (!result.ok) return notifyRefusal(result.error, `conversation:${conversationId}`)
    offerUndo({ kind: 'transfer', intentId: result.value.intentId, row: conversation.row })
  }
}
