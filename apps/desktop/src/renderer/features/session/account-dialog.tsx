import type { AccountOutput, SecondFactorSetup } from '@parley/contracts'
import { type FormEvent, type ReactNode, useState } from 'react'

import { useAsking } from '../../bridge/use-asking.ts'
import { useServerRead } from '../../bridge/use-server-read.ts'
import { useConnection } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { Group, Note, Refusal } from '../../ui/form/panel.tsx'
import text from '../../ui/text.module.css'
import { WhenRead } from '../../ui/when-read.tsx'
import { PasswordField } from './password-field.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'
import { SetUp } from './second-factor-field.tsx'
import styles from './session.module.css'

/** How one gets in oneself: the password and the second factor. */
export function AccountDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslate()
  const read = useServerRead('account.own', undefined)
  return (
    <Dialog title={t('account.title')} width={480} onClose={onClose}>
      <DialogBody>
        <WhenRead read={read} failed={t('account.failed')}>
          {(account) => (
            <>
              <p className={text.meta}>{account.email}</p>
              {account.hasPassword && <ChangePassword account={account} />}
              {account.hasPassword && <SecondFactor account={account} onChanged={read.readAgain} />}
            </>
          )}
        </WhenRead>
      </DialogBody>
    </Dialog>
  )
}

function ChangePassword({ account }: { account: AccountOutput }) {
  const t = useTranslate()
  const isOnline = useConnection()?.state === 'online'
  const { ask, isBusy, error } = useAsking()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [isDone, setDone] = useState(false)
  const change = async () => {
    const result = await ask('account.changePassword', { current, next })
    setDone(result.ok)
    if (!result.ok) return
    setCurrent('')
    setNext('')
  }
  return (
    <Group heading={t('account.password')}>
      <Form onSubmit={change}>
        <PasswordField
          label={t('account.current')}
          value={current}
          onChange={setCurrent}
          wrong={error?.code === 'wrong_password'}
        />
        <PasswordField
          label={t('account.next')}
          isNew
          value={next}
          onChange={setNext}
          wrong={error?.code === 'weak_password'}
        />
        <Note>{t('join.passwordWords', { count: account.passwordMinLength })}</Note>
        {error && <Refusal error={error} />}
        {isDone && <p role="status">{t('account.changed')}</p>}
        <Button
          type="submit"
          look="primary"
          disabled={isBusy || !isOnline || current === '' || next === ''}
        >
          {t('account.change')}
        </Button>
      </Form>
    </Group>
  )
}

/** Set up with a code of it, renewed and removed with the password and another one. */
function SecondFactor({
  account: { secondFactor },
  onChanged,
}: {
  account: AccountOutput
  onChanged: () => Promise<void>
}) {
  const t = useTranslate()
  const isOnline = useConnection()?.state === 'online'
  const { ask, isBusy, error } = useAsking()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [setup, setSetup] = useState<SecondFactorSetup | null>(null)
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  const isStuck = isBusy || !isOnline
  const settle = async (shown: readonly string[] | null) => {
    setSetup(null)
    setCode('')
    setPassword('')
    setCodes(shown)
    await onChanged()
  }
  const begin = async () => {
    const result = await ask('account.beginSecondFactor', { password })
    if (result.ok) setSetup(result.value)
  }
  const confirm = async () => {
    const result = await ask('account.confirmSecondFactor', { code })
    if (result.ok) await settle(result.value.recoveryCodes)
  }
  const renew = async () => {
    const result = await ask('account.renewRecoveryCodes', { password, code })
    if (result.ok) await settle(result.value.recoveryCodes)
  }
  const remove = async () => {
    const result = await ask('account.removeSecondFactor', { password, code })
    if (result.ok) await settle(null)
  }
  const codeField = (
    <label className={styles.code}>
      {t('secondFactor.code')}
      <input
        name="code"
        required
        maxLength={40}
        autoComplete="one-time-code"
        value={code}
        onChange={({ target }) => setCode(target.value)}
      />
    </label>
  )
  const passwordField = (
    <PasswordField
      label={t('account.current')}
      value={password}
      onChange={setPassword}
      wrong={error?.code === 'wrong_password'}
    />
  )
  return (
    <Group heading={t('account.secondFactor')}>
      {codes && <RecoveryCodes codes={codes} />}
      {secondFactor.isOn ? (
        <Form onSubmit={renew}>
          <Note>{t('account.isOn', { count: secondFactor.recoveryCodesLeft })}</Note>
          {passwordField}
          {codeField}
          {error && <Refusal error={error} />}
          <div className={text.line}>
            <Button type="submit" look="line" disabled={isStuck || password === '' || code === ''}>
              {t('account.renew')}
            </Button>
            {!secondFactor.isRequired && (
              <Button
                look="danger"
                disabled={isStuck || password === '' || code === ''}
                onClick={() => void remove()}
              >
                {t('account.remove')}
              </Button>
            )}
          </div>
        </Form>
      ) : setup === null ? (
        <Form onSubmit={begin}>
          <Note>{t('account.isOff')}</Note>
          {passwordField}
          {error && <Refusal error={error} />}
          <Button type="submit" look="line" disabled={isStuck || password === ''}>
            {t('account.begin')}
          </Button>
        </Form>
      ) : (
        <Form onSubmit={confirm}>
          <SetUp setup={setup} />
          {codeField}
          {error && <Refusal error={error} />}
          <Button type="submit" look="primary" disabled={isStuck || code === ''}>
            {t('account.confirm')}
          </Button>
        </Form>
      )}
    </Group>
  )
}

function Form({ onSubmit, children }: { onSubmit: () => Promise<void>; children: ReactNode }) {
  return (
    <form
      className={styles.form}
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        void onSubmit()
      }}
    >
      {children}
    </form>
  )
}
