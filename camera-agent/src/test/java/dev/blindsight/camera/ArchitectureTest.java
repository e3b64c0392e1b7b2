package dev.blindsight.camera;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.jspecify.annotations.NullMarked;

/** Analyses all that runs on the edge: this module and the two below it. */
@AnalyzeClasses(packages = "dev.blindsight", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule edge_neverDependsOnTheTrainer =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.blindsight.trainer..", "ai.djl..", "org.pytorch..");

  /** The rule above all: without a type that holds a frame, no code can keep or send one. */
  @ArchTest
  static final ArchRule frames_existOnlyInsideSensors =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.blindsight.camera.sensor..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.awt..", "javax.imageio..", "org.opencv..", "org.bytedeco..");

  /** Whoever else asks for the environment would start ONNX Runtime's telemetry. */
  @ArchTest
  static final ArchRule onnxRuntime_isStartedInOnePlaceOnly =
      noClasses()
          .that()
          .doNotHaveSimpleName("OnnxEnvironment")
          .should()
          .callMethodWhere(
              target(name("getEnvironment")).and(target(owner(type(OrtEnvironment.class)))));

  @ArchTest
  static final ArchRule packages_formNoCycle =
      slices().matching("dev.blindsight.camera.(**)").should().beFreeOfCycles();

  @ArchTest
  static void packages_areNullMarked(JavaClasses classes) {
    assertThat(classes)
        .extracting(JavaClass::getPackage)
        .filteredOn(javaPackage -> !javaPackage.isAnnotatedWith(NullMarked.class))
        .isEmpty();
  }
}
