/** Under a neutral name, for it stays in the folder of downloads. */
export function save(calendar: string): void {
	const address = URL.createObjectURL(new Blob([calendar], { type: 'text/calendar;charset=utf-8' }));
	const link = document.createElement('a');
	link.href = address;
	link.download = 'appointment.ics';
	link.click();
	URL.revokeObjectURL(address);
}
