/* A page that waits for a piece of work shows how far it is, and opens itself anew when it has ended. */
document.querySelectorAll("[data-job]").forEach((place) => {
  const bar = place.querySelector("progress");
  const words = place.querySelector("[data-job-words]");
  const ask = async () => {
    try {
      const answer = await fetch(place.dataset.job);
      if (!answer.ok) return;
      const job = await answer.json();
      if (!job.live) {
        location.reload();
        return;
      }
      bar.value = job.done;
      bar.max = job.total || 1;
      words.textContent = job.words;
    } catch {
      /* no network for a moment: ask again */
    }
    setTimeout(ask, 700);
  };
  setTimeout(ask, 400);
});
