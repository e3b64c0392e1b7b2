package dev.blindsight.camera.worker;

import dev.blindsight.camera.inference.Model;

/**
 * A model and how it is best asked.
 *
 * @param model closed by its owner
 * @param plan how many readouts it answers together
 */
record ServedModel(Model model, BatchPlan plan) {}
