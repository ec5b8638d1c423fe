import { Component, type ReactNode } from "react";
import { i18n } from "../i18n";
import { Button } from "./Button";
import { Empty } from "./Empty";

/** Catches a fault of a screen: says what is safe and offers to open it again. */
export class CrashScreen extends Component<{ children: ReactNode }, { crashed: boolean }> {
  override state = { crashed: false };

  static getDerivedStateFromError() {
    return { crashed: true };
  }

  override render() {
    if (!this.state.crashed) return this.props.children;
    return (
      <Empty icon="warning" title={i18n.t("app.crash")}>
        <Button tone="main" onClick={() => this.setState({ crashed: false })}>
          {i18n.t("app.reload")}
        </Button>
      </Empty>
    );
  }
}
