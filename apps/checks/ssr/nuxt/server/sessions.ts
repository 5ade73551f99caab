export { sessions } from '../../app/sessions.ts'
