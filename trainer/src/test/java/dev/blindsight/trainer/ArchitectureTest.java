package dev.blindsight.trainer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.jspecify.annotations.NullMarked;

@AnalyzeClasses(
    packages = "dev.blindsight.trainer",
    importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule trainer_neverDependsOnTheEdge =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.blindsight.camera..", "dev.blindsight.firmware..");

  @ArchTest
  static final ArchRule packages_formNoCycle =
      slices().matching("dev.blindsight.trainer.(**)").should().beFreeOfCycles();

  @ArchTest
  static void packages_areNullMarked(JavaClasses classes) {
    assertThat(classes)
        .extracting(JavaClass::getPackage)
        .filteredOn(javaPackage -> !javaPackage.isAnnotatedWith(NullMarked.class))
        .isEmpty();
  }
}
