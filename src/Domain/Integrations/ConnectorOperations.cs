using System.Collections.Frozen;

namespace TokenActors.Domain.Integrations;

/// <summary>What connectors can be asked to do, by category: to these a token for an MCP server may be
/// restricted.</summary>
public static class ConnectorOperations
{
    /// <summary>Those of one category, in alphabetical order.</summary>
    public static IEnumerable<string> Of(string category) =>
        Ids.Where(id => id.StartsWith($"{category}_", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    public static readonly FrozenSet<string> Ids =
    [
        "appsec_create_findings", "appsec_get_application_finding_details", "appsec_query_application_findings",
        "appsec_query_application_scans", "appsec_query_applications", "appsec_query_findings", "assets_create_asset",
        "assets_create_devices", "assets_create_software", "assets_get_labels", "assets_query_alerts",
        "assets_query_devices", "assets_query_software", "assets_query_utilization", "assets_query_vulnerabilities",
        "assets_update_device_properties", "assets_update_software", "chat_query_conversation_members",
        "chat_query_conversation_messages", "chat_query_conversations", "chat_query_user_conversation_members",
        "chat_query_user_conversation_messages", "chat_query_user_conversations", "chat_query_users",
        "cloudsecurity_query_cloud_resource_inventory", "cloudsecurity_query_compliance_findings",
        "cloudsecurity_query_events", "cloudsecurity_query_ioms", "cloudsecurity_query_threats", "custom_delete",
        "custom_get", "custom_patch", "custom_post", "custom_post_batch", "custom_query", "edr_create_ioa",
        "edr_create_iocs", "edr_create_threat_note", "edr_delete_ioa", "edr_delete_iocs", "edr_execute_command",
        "edr_execute_remote_script", "edr_get_endpoint", "edr_get_threat_notes", "edr_network_quarantine",
        "edr_query_alerts", "edr_query_applications", "edr_query_edr_events", "edr_query_endpoints", "edr_query_ioa",
        "edr_query_iocs", "edr_query_posture_score", "edr_query_threatevents", "edr_retrieve_file",
        "emailsecurity_get_threat_details", "emailsecurity_query_email_events", "emailsecurity_query_threats",
        "endpointmanagement_get_device", "endpointmanagement_lock_device",
        "endpointmanagement_query_compliance_findings", "endpointmanagement_query_device_applications",
        "endpointmanagement_query_devices", "endpointmanagement_remediate_device",
        "endpointmanagement_restart_device", "endpointmanagement_update_device", "endpointmanagement_wipe_device",
        "identity_disable_user", "identity_enable_user", "identity_expire_all_user_sessions",
        "identity_force_user_password_reset", "identity_get_group", "identity_get_group_members", "identity_get_user",
        "identity_get_user_picture", "identity_query_audit_log", "identity_query_groups",
        "identity_query_risk_events", "identity_query_risky_users", "identity_query_users",
        "incidentresponse_query_escalation_policies", "incidentresponse_query_escalation_policy_users_on_call",
        "networksecurity_query_traffic_events", "networksecurity_query_traffic_log_configurations",
        "notifications_clear_message", "notifications_create_message", "notifications_get_message", "siem_get_alert",
        "siem_get_evidence", "siem_get_investigation", "siem_patch_investigation", "siem_post_events",
        "siem_query_alerts", "siem_query_events", "siem_query_investigations", "siem_query_log_providers",
        "sink_post_events", "storage_delete_file", "storage_download_file", "storage_list_files",
        "storage_upload_file", "ticketing_create_attachment", "ticketing_create_comment", "ticketing_create_note",
        "ticketing_create_ticket", "ticketing_delete_attachment", "ticketing_delete_comment", "ticketing_delete_note",
        "ticketing_download_attachment", "ticketing_get_ticket", "ticketing_list_attachments_metadata",
        "ticketing_list_comments", "ticketing_list_notes", "ticketing_list_on_call", "ticketing_list_projects",
        "ticketing_list_remote_fields", "ticketing_patch_note", "ticketing_patch_ticket",
        "ticketing_query_escalation_policies", "ticketing_query_tickets", "vulnerabilities_create_asset",
        "vulnerabilities_create_findings", "vulnerabilities_get_labels", "vulnerabilities_get_scan_activities",
        "vulnerabilities_get_scan_activity", "vulnerabilities_get_scan_status", "vulnerabilities_query_assets",
        "vulnerabilities_query_findings", "vulnerabilities_query_scan_findings", "vulnerabilities_query_scans",
        "vulnerabilities_update_asset", "vulnerabilities_update_finding", "vulnerabilities_upload_scan",
    ];
}
