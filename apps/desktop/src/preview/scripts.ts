import { World, say } from './world.ts'

/** Customers who write from right to left, without blanks, without a name; addresses that are none. */
export function inManyScripts(): World {
  const world = new World()
  const { me } = world

  const mixed = world.begin({ name: 'محمد علي (Casa Azul)' })
  say(
    mixed,
    'customer',
    40,
    'مرحبا، رقم طلبي هو 4417-2026 ولم يصل بعد.\nLlegó un aviso a las 16:57.\nשלום, המספר שלי 55 1234 5678.',
  )
  say(mixed, me, 36, 'Hola. أهلا بك، سأراجع الطلب 4417-2026 الآن.')
  say(mixed, 'customer', 30, 'شكرا')
  say(
    mixed,
    'customer',
    20,
    [
      'Mira (https://es.wikipedia.org/wiki/Sol_(estrella)). También www.example.com/ayuda。',
      'https://known.example@evil.example/entrar',
      'https://аррӏе.com/id',
      `https://a.example/\u202Egnp.exe`,
    ].join('\n'),
  )

  const hebrew = world.begin({ name: 'רחל לוי' })
  say(
    hebrew,
    'customer',
    50,
    'היי, החשבון שלי נעול מאתמול ב-16:57 ואני לא מצליחה להיכנס לאפליקציה בכלל',
  )

  const nameless = world.begin({ name: '\u200B\u3164' })
  say(nameless, 'customer', 44, '我在北京大学读书，我的订单在哪里？')

  const turned = world.begin({ name: '\u202EgnitekraM' })
  say(turned, 'customer', 43, 'Hola 👩‍👩‍👧 👍🏽')

  const app = world.begin({ name: null, channel: 'chat_app' })
  say(app, 'customer', 42, 'मुझे मदद चाहिए')
  mixed.draft = 'مرحبا، سأتحقق من ذلك.\nHola.'
  return world
}
