// Runs before the first paint: the theme that this browser's user chose; without one the system's counts.
try {
  const theme = localStorage.getItem("seatline.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is blocked: the system's theme it is.
}
