export const sessionManagement = {
  title: 'Session Management',
  description: (app: string) => `How long people stay signed in to ${app}, and what ends a session.`,
  refresh: {
    title: 'Refresh tokens',
    label: 'Keep people signed in',
    description:
      'A short-lived auth token goes with every call; a refresh token silently buys the next one until a limit below is reached. Off: whoever’s auth token lapses signs in again.',
  },
  presets: {
    title: 'Presets',
    description: 'Starting points. Choosing one fills in the timeouts; nothing is saved yet.',
  },
  timeouts: { title: 'Timeouts', description: 'They are counted by the server’s clock.' },
  fields: {
    session_timeout_length: {
      label: 'Auth token lifetime',
      hint: 'How long a token works without asking the server. Shorter: revocation reaches every API sooner. 5 seconds to 10 minutes with refresh tokens on, to 24 hours without.',
    },
    refresh_inactivity_lifetime: {
      label: 'Inactivity timeout',
      hint: 'How long somebody may stay away. Each refresh the app makes for a person starts it anew. At most 400 days.',
    },
    refresh_absolute_lifetime: {
      label: 'Absolute timeout',
      hint: 'The end of every session, however active, counted from the sign-in. At most 400 days.',
    },
    refresh_enabled: { label: 'Refresh tokens' },
  },
  unit: (field: string) => `Unit of ${field.toLowerCase()}`,
  noLimit: 'No limit',
  noLimitOf: (field: string) => `No ${field.toLowerCase()}`,
  defaultIs: (words: string) => `Default: ${words}`,
  on: 'On',
  off: 'Off',

  meaning: {
    title: 'What it means for a person',
    fridayStays: 'Someone who closes the laptop on Friday evening is still signed in on Monday morning.',
    fridayEnds:
      'Someone who closes the laptop on Friday evening is asked to sign in again on Monday morning.',
    count: (times: number) =>
      times === 1
        ? 'Working Monday to Friday, they sign in once in four weeks.'
        : times < 100
          ? `Working Monday to Friday, they sign in ${times} times in four weeks.`
          : `Working Monday to Friday, they sign in about ${Math.round(times / 20)} times a day.`,
    revoked: (words: string) =>
      `After you end a session, APIs that follow the revocation feed refuse it within a second; those that only check signatures, after ${words} at the latest.`,
  },
  checks: {
    'inactivity-never':
      'The inactivity timeout never comes into play: the absolute timeout ends every session first.',
    'active-signed-out':
      'People are signed out while they work: activity shows at a refresh, and the inactivity timeout is over before the auth token needs one.',
    'inactivity-tight':
      'Inactivity is counted from the last refresh, up to one auth token lifetime before the last click: some will be signed out after half the time you set.',
    'absolute-before-refresh':
      'The absolute timeout ends a session before its first refresh: refresh tokens are on, and never used.',
    'no-absolute': 'No absolute timeout: a session that is used often enough never ends by itself.',
    'no-inactivity':
      'No inactivity timeout: a lost or shared device stays signed in until the absolute timeout.',
  },

  timeline: {
    title: 'One session under these settings',
    description: 'Somebody signs in on a Monday at 9:00 and works Monday to Friday.',
    use: 'At work',
    session: 'Signed in',
    idle: 'Away, still signed in',
    ends: {
      absolute: (when: string) => `Absolute timeout · ${when}`,
      inactivity: (when: string) => `Inactive · ${when}`,
      token: (when: string) => `Auth token lapsed · ${when}`,
    },
    endless: 'goes on as long as it is used',
    absoluteLater: (words: string) => `Would end after ${words} at the latest`,
    closeUp: (words: string) => `Close up: the first ${words}`,
    token: 'Auth token',
    renewed: 'renewed by the first call after it lapsed',
    call: 'A call to your API',
    day: (n: number) => `Day ${n}`,
    after: (words: string) => `after ${words}`,
    summary: (start: string, end: string, why: string) =>
      `The session begins ${start} and ends ${end}: ${why}.`,
    summaryEndless: (start: string) => `The session begins ${start} and goes on as long as it is used.`,
    why: {
      absolute: 'the absolute timeout',
      inactivity: 'the inactivity timeout',
      token: 'the auth token has lapsed and there is no refresh token',
    },
  },

  effects: {
    title: 'What saving does to people who are signed in',
    live: (count: string) => `${count} sessions are live now.`,
    'refresh-on':
      'From the next sign-in on, sessions are renewed. Sessions of now end with their auth token, as before.',
    'refresh-off':
      'Sign-ins from now on get no refresh token. Sessions that have one keep it until they end; to switch at once, sign everybody out.',
    'lifetime-lower': 'Each session gets the shorter auth token at its next refresh.',
    'lifetime-higher': 'Each session gets the longer auth token at its next refresh.',
    'absolute-lower':
      'Sessions older than the new absolute timeout end at their next refresh: those people sign in again.',
    'absolute-higher':
      'Sessions of now keep the limit they began with; sign-ins from now on get the longer one.',
    'inactivity-lower': 'Whoever has been away longer than the new inactivity timeout signs in again.',
    'inactivity-higher':
      'Sessions of now keep the timeout they began with; sign-ins from now on get the longer one.',
  },
  unsaved: 'Unsaved changes',
  saved: 'Saved. Every server follows within a second.',
  fix: 'Correct what is marked, then save.',
  confirmEnd: {
    title: 'This signs people out',
    action: 'Save and sign them out',
  },
  everyone: {
    title: 'Sign everybody out',
    description:
      'Ends every session of this app at once, on every device. People sign in again with their passkey.',
    action: 'Sign everybody out',
    confirmTitle: (app: string) => `Sign everybody out of ${app}?`,
    confirmText: 'Every session ends now. This cannot be taken back.',
    done: 'Everybody is signed out',
  },
}
