/** The browser's own complaints come in the browser's language; these come in the page's. */
import { m } from '../messages/messages.js';

type Control = HTMLInputElement | HTMLTextAreaElement;

export function ownWords(control: Control): () => void {
	const complain = (): void => control.setCustomValidity(complaint(control));
	const forget = (): void => control.setCustomValidity('');
	control.addEventListener('invalid', complain);
	control.addEventListener('input', forget);
	return () => {
		control.removeEventListener('invalid', complain);
		control.removeEventListener('input', forget);
	};
}

function complaint(control: Control): string {
	const { valueMissing, typeMismatch, rangeUnderflow, rangeOverflow } = control.validity;
	if (valueMissing) return m.field_missing();
	if (typeMismatch) return m.field_address();
	const { min = '', max = '' } = control as HTMLInputElement;
	if ((rangeUnderflow || rangeOverflow) && min && max) return m.field_range({ min, max });
	return m.field_wrong();
}
