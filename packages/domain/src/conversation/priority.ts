export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const
export type Priority = (typeof PRIORITIES)[number]

export const CHANNELS = ['whatsapp', 'chat_app'] as const
export type Channel = (typeof CHANNELS)[number]
