// Before the first paint: the theme that was chosen, so that no page flashes in the other one.
const chosen = localStorage.getItem('ticketd.theme')
if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen
