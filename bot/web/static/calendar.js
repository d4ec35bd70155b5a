// Dragging a post to another day. The form below the days does the same by keyboard and without JavaScript.
"use strict";
(() => {
  const month = document.getElementById("month");
  if (!month || !window.Sortable) return;
  for (const list of month.querySelectorAll("ul[data-day]")) {
    Sortable.create(list, {
      group: "days", draggable: ".movable", delay: 150, delayOnTouchOnly: true, ghostClass: "dragged",
      onEnd: async (event) => {
        if (event.to === event.from) return;
        const sent = new URLSearchParams({ delivery: event.item.dataset.delivery, day: event.to.dataset.day });
        const answer = await fetch(month.dataset.move, { method: "POST", body: sent, credentials: "same-origin", headers: { "X-CSRFToken": month.dataset.token, "HX-Request": "true" } });
        document.getElementById("moved").textContent = await answer.text();
        if (!answer.ok) event.from.insertBefore(event.item, event.from.children[event.oldIndex] || null);
        location.reload();
      },
    });
  }
})();
