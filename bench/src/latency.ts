export async function benchLatency(_options: string[]): Promise<void> {}
