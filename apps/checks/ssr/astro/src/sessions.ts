export { sessions } from '../../app/sessions'
