import { viewStore } from './view-store.ts'

/** How often the person has moved a conversation themselves: what they do is seen at once. */
const useMoves = viewStore(() => ({ count: 0 }))

export const useOwnMoves = () => useMoves(({ count }) => count)

export const noteOwnMove = () => useMoves.setState(({ count }) => ({ count: count + 1 }))
