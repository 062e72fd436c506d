/** What is held at the same time: sums by address, and over all, with a limit for each. */
export class Allowance {
  readonly #limits: { perAddress: number; inAll: number }
  readonly #taken = new Map<string, number>()
  #sum = 0

  constructor(limits: { perAddress: number; inAll: number }) {
    this.#limits = limits
  }

  /**
   * @param address null: of nobody in particular, and only part of all
   * @returns how it is given back, once; null where there is no room
   */
  take(address: string | null, amount: number): (() => void) | null {
    const { perAddress, inAll } = this.#limits
    const ofAddress = address === null ? 0 : (this.#taken.get(address) ?? 0)
    if (this.#sum + amount > inAll || ofAddress + amount > perAddress) return null
    this.#add(address, amount)
    let isTaken = true
    return () => {
      if (isTaken) this.#add(address, -amount)
      isTaken = false
    }
  }

  #add(address: string | null, amount: number): void {
    this.#sum += amount
    if (address === null) return
    const left = (this.#taken.get(address) ?? 0) + amount
    if (left === 0) this.#taken.delete(address)
    else this.#taken.set(address, left)
  }
}
