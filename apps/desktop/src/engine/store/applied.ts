import { type Topic } from '@parley/contracts'

/** What happened to the cache, for whoever shows it or tells the person. */
export interface Applied {
  /** Conversations that changed, or something that hangs on them. */
  conversationIds: Set<string>
  /** What changed beside conversations. */
  topics: Set<Topic>
  /** The person's own role or teams changed; true where there is more to see now, which must be fetched. */
  gainedAccess: boolean
  /** It is the answer to what this person did: no news to them. */
  readonly isOwnDoing: boolean
  readonly news: News
}

/** To be added to. */
export function newApplied({
  conversationId,
  topics = [],
  isOwnDoing = false,
}: { conversationId?: string; topics?: readonly Topic[]; isOwnDoing?: boolean } = {}): Applied {
  return {
    conversationIds: new Set(conversationId === undefined ? [] : [conversationId]),
    topics: new Set(topics),
    gainedAccess: false,
    isOwnDoing,
    news: new News(),
  }
}

/** Something that one feature says while rows are applied, and that features listen for afterwards. */
export interface NewsOf<Item> {
  readonly name: string
  /** The compiler's alone. */
  readonly item?: Item
}

export const newsOf = <Item>(name: string): NewsOf<Item> => ({ name })

export class News {
  readonly #told = new Map<NewsOf<unknown>, unknown[]>()

  tell<Item>(what: NewsOf<Item>, item: Item): void {
    const told = this.#told.get(what)
    if (told === undefined) this.#told.set(what, [item])
    else told.push(item)
  }

  /** In the order in which it was told. */
  of<Item>(what: NewsOf<Item>): readonly Item[] {
    return (this.#told.get(what) ?? []) as Item[]
  }
}
